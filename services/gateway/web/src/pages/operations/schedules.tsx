import { type JSX } from "preact";
import { useRepeated } from "../../api/repeated";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Badge, Empty } from "../../components/notes";
import { Table } from "../../components/table";
import { formatAge, formatMoment } from "../../format/dates";
import { NOTHING } from "../../format/numbers";
import { PullNow } from "./pull-now";
import { textIn } from "./words";

const POLL_MS = 30_000;
const MOST = 500;

/** What happens by the clock: when it did last, what came of it, and when it does next. */
export function Schedules(): JSX.Element {
  const schedules = useResource("/admin/schedules", { query: { page_size: MOST } });
  useRepeated(schedules.reload, POLL_MS);
  return (
    <Card title="Schedules" controls={<PullNow />}>
      <Loaded resource={schedules} height={300}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No scheduler ever started">
              <p>Start the scheduler: nothing is fetched by itself until then.</p>
            </Empty>
          ) : (
            <Table
              caption="List of schedules"
              rows={data}
              rowKey={(row) => row.name ?? ""}
              columns={[
                { key: "name", title: "Schedule", cell: (row) => <strong>{row.name}</strong> },
                {
                  key: "cron",
                  title: "When",
                  cell: (row) => (
                    <span class="nowrap">
                      <code>{row.cron}</code> <span class="muted small">{row.timezone}</span>
                    </span>
                  ),
                },
                { key: "last", title: "Last", cell: (row) => <Moment iso={textIn(row.last)} /> },
                { key: "result", title: "Result", cell: (row) => <bdi>{textIn(row.result) ?? NOTHING}</bdi> },
                {
                  key: "next",
                  title: "Next",
                  cell: (row) => (
                    <span class="row nowrap">
                      <Moment iso={textIn(row.next)} />
                      {row.overdue === true && <Badge kind="bad">Overdue</Badge>}
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

function Moment({ iso }: { readonly iso: string | null }): JSX.Element {
  if (iso === null) return <>{NOTHING}</>;
  return (
    <span class="nowrap" title={formatMoment(iso)}>
      {formatMoment(iso)} <span class="muted small">({formatAge(iso)})</span>
    </span>
  );
}
