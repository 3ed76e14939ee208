import { type JSX } from "preact";
import { useRepeated } from "../../api/repeated";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { DayFilter } from "../../components/day-filter";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { MaybeSelect, WhoseFilter } from "./filters";
import { RunsTable } from "./runs-table";
import { type OperationsView, RUN_STATUSES } from "./state";
import { runWord } from "./words";

const PAGE_SIZE = 50;
const POLL_MS = 5_000;

/** Every run: what came in, and how it ended. */
export function Runs({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const runs = useResource("/admin/ingestion-logs", {
    query: {
      client_id: state.client,
      source: state.source,
      status: state.status,
      start_date: state.from,
      end_date: state.to,
      sort_by: state.sort,
      order: state.order,
      page: state.page,
      page_size: PAGE_SIZE,
    },
  });
  useRepeated(runs.reload, runs.data?.data.some((run) => run.status === "running") === true ? POLL_MS : null);
  return (
    <Card title="Runs">
      <div class="filters">
        <WhoseFilter view={view} />
        <MaybeSelect
          label="Status"
          all="All statuses"
          value={state.status}
          options={RUN_STATUSES.map((status) => [status, runWord(status).text] as const)}
          onChange={(status) => change({ status, page: 1 })}
        />
        <DayFilter start={state.from} end={state.to} onChange={(days) => change({ ...days, page: 1 })} />
      </div>
      <Loaded resource={runs} height={420}>
        {({ data, page, page_size: size, total }) =>
          data.length === 0 && total === 0 ? (
            <Empty title="No run is of this kind">
              <p>Choose other filters; runs that cover several days have no day of their own.</p>
            </Empty>
          ) : (
            <>
              <RunsTable rows={data} state={state} change={change} />
              <Pager
                label="Pages of runs"
                page={page ?? 1}
                pageSize={size ?? PAGE_SIZE}
                total={total ?? data.length}
                onPage={(to) => change({ page: to })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
