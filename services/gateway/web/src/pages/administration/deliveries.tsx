import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Badge, Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { type Column, Table } from "../../components/table";
import { formatDay, formatMoment, formatRange } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useView } from "../../state/view";
import { Recipients } from "./report-columns";
import { type Report } from "./report-draft";
import { REPORTS } from "./state";

type Delivery = Answer<"/reports/{report_id}/deliveries">["data"][number];
const SIZE = 25;

interface DeliveriesProps {
  readonly id: string;
  /** Null: not on the page of the list that is seen. */
  readonly report: Report | null;
}

/** What was sent of a schedule, what waits, and why. */
export function Deliveries({ id, report }: DeliveriesProps): JSX.Element {
  const { state, change } = useView(REPORTS);
  const page = state.log;
  const found = useResource("/reports/{report_id}/deliveries", {
    at: { report_id: id },
    query: { page, page_size: SIZE },
  });
  return (
    <Card title="What was sent" controls={report === null ? null : <Name text={report.client_name ?? ""} />}>
      <Loaded resource={found} height={180}>
        {({ data, total }) =>
          data.length === 0 ? (
            <Empty title="Nothing was due yet" />
          ) : (
            <>
              <Table
                caption="What was sent, the newest first"
                columns={COLUMNS}
                rows={data}
                rowKey={(row) => row.due ?? ""}
              />
              <Pager
                label="Pages of deliveries"
                page={page}
                pageSize={SIZE}
                total={total ?? 0}
                onPage={(log) => change({ log })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

const COLUMNS: readonly Column<Delivery>[] = [
  { key: "due", title: "Due", cell: ({ due }) => formatDay(due) },
  {
    key: "period",
    title: "About",
    cell: ({ period_start: start, period_end: end }) =>
      start === null || end === null ? "–" : formatRange({ start, end }),
  },
  { key: "status", title: "Status", cell: ({ status }) => <Outcome status={status ?? ""} /> },
  { key: "recipients", title: "To", cell: ({ recipients }) => <Recipients addresses={recipients} /> },
  { key: "attempts", title: "Tries", kind: "number", cell: ({ attempts }) => formatCount(attempts) },
  { key: "sent", title: "Sent at", cell: ({ sent_at: at }) => formatMoment(at) },
  { key: "notes", title: "Notes", cell: (delivery) => <Notes delivery={delivery} /> },
];

const KINDS: Readonly<Record<string, "plain" | "warning" | "bad">> = { "given up": "bad", waiting: "warning" };

function Outcome({ status }: { readonly status: string }): JSX.Element {
  return <Badge kind={KINDS[status] ?? "plain"}>{status.charAt(0).toUpperCase() + status.slice(1)}</Badge>;
}

/** What was missing, and why it was not sent (yet). */
function Notes({ delivery }: { readonly delivery: Delivery }): JSX.Element {
  const error: unknown = delivery.error;
  const notes: readonly unknown[] = delivery.notes;
  const lines = [...(typeof error === "string" ? [error] : []), ...notes.map(noteText)];
  return (
    <ul class="cell-notes">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function noteText(note: unknown): string {
  return typeof note === "string" ? note : JSON.stringify(note);
}
