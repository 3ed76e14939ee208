import { type JSX } from "preact";
import { useResource } from "../../api/resource";
import { Loaded } from "../../components/card";
import { Drawer } from "../../components/drawer";
import { Facts } from "../../components/facts";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Empty } from "../../components/notes";
import { formatMoment, formatWeekday } from "../../format/dates";
import { type CoverageLine } from "./coverage";
import { RunsTable } from "./runs-table";
import { type Cell, type OperationsView, hrefTo, onTab } from "./state";
import { RunStatusExplained, SourceName } from "./status";
import { DAYS, dayState } from "./words";

interface DayDrawerProps {
  readonly cell: Cell;
  readonly view: OperationsView;
}

/** One square of the map: what is known of the day, and the runs that are for it. */
export function DayDrawer({ cell, view }: DayDrawerProps): JSX.Element {
  const { state, change } = view;
  const whose = { client_id: cell.client, source: cell.source, start_date: cell.date, end_date: cell.date };
  const coverage = useResource("/admin/coverage", { query: whose });
  const runs = useResource("/admin/ingestion-logs", { query: { ...whose, page_size: 50 } });
  const line = coverage.data?.data[0];
  return (
    <Drawer title={formatWeekday(cell.date)} onClose={() => change({ cell: null })}>
      <Loaded resource={coverage} height={90}>
        {() =>
          line === undefined ? <Empty title="Nothing is known of this day" /> : <Known line={line} view={view} />
        }
      </Loaded>
      <div class="row">
        <Link
          class="button"
          href={hrefTo(state, onTab("runs", { ...picked(cell), from: cell.date, to: cell.date, status: null }))}
        >
          Runs of this day
        </Link>
        {cell.source !== "facebook" && (
          <Link
            class="button"
            href={hrefTo(state, onTab("backfill", { ...picked(cell), from: cell.date, to: cell.date, job: null }))}
          >
            Fetch this day again
          </Link>
        )}
      </div>
      <section class="card" aria-label="Runs of this day">
        <Loaded resource={runs} height={120}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty title="No run is for this day alone">
                <p>One that covers several days may stand: see above.</p>
              </Empty>
            ) : (
              <RunsTable rows={data} state={state} isOfOneDay />
            )
          }
        </Loaded>
      </section>
    </Drawer>
  );
}

function picked({ client, source }: Cell): Pick<Cell, "client" | "source"> {
  return { client, source };
}

function Known({ line, view }: { readonly line: CoverageLine; readonly view: OperationsView }): JSX.Element {
  const day = line.days[0];
  const word = DAYS[dayState(day?.status ?? null)];
  const run = day?.run_id ?? null;
  return (
    <div class="stack">
      <p>
        <strong>{word.text}.</strong> {word.meaning}
      </p>
      <Facts
        facts={[
          ["Client", <Name text={line.client_name ?? ""} />],
          ["Source", <SourceName source={line.source} />],
          ["Delivered", formatMoment(day?.delivered_at ?? null)],
          run === null
            ? null
            : [
                "Newest run",
                <span class="row">
                  <RunStatusExplained status={day?.run_status ?? null} />
                  <Link href={hrefTo(view.state, { run })}>Details</Link>
                </span>,
              ],
        ]}
      />
    </div>
  );
}
