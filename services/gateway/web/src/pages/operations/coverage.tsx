import { type JSX } from "preact";
import { type Answer } from "../../api/client";
import { figureOf } from "../../api/figures";
import { useResource } from "../../api/resource";
import { Card, Loaded } from "../../components/card";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { Segments } from "../../components/select";
import { formatRange } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { RangePicker } from "../../shell/range-picker";
import { type Days, countDays, daysOf, todayIn } from "../../state/ranges";
import { CoverageTable } from "./coverage-table";
import { WhoseFilter } from "./filters";
import { HeatMap } from "./heat-map";
import { type OperationsView } from "./state";
import { DAYS, DAY_STATES, type DayState } from "./words";

export type CoverageLine = Answer<"/admin/coverage">["data"][number];

/** So many squares are drawn without a wait; a long range has fewer lines on a page. */
const MOST_SQUARES = 3_000;
const MOST_LINES = 50;

/** Client × source × day: what is there, and what is missing. */
export function Coverage({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const today = todayIn("UTC");
  const days = daysOf(state.range, today);
  const coverage = useResource("/admin/coverage", {
    query: {
      client_id: state.client,
      source: state.source,
      start_date: days.start,
      end_date: days.end,
      page: state.page,
      page_size: pageSizeFor(days),
    },
  });
  return (
    <Card title="Coverage" controls={<MapOrTable view={view} />}>
      <div class="filters">
        <WhoseFilter view={view} />
        <RangePicker choice={state.range} today={today} onChoose={(range) => change({ range, page: 1 })} />
      </div>
      <Loaded resource={coverage} height={320}>
        {({ data, date_range: range, total, page, page_size: size }) =>
          data.length === 0 ? (
            <Empty title="No source is set up for this">
              <p>Sources are set up for each client under Administration.</p>
            </Empty>
          ) : (
            <>
              <Legend lines={data} days={{ start: range.start ?? days.start, end: range.end ?? days.end }} />
              {state.shown === "map" ? (
                <HeatMap lines={data} onOpen={(cell) => change({ cell })} />
              ) : (
                <CoverageTable lines={data} onOpen={(cell) => change({ cell })} />
              )}
              <Pager
                label="Pages of coverage"
                page={page ?? 1}
                pageSize={size ?? MOST_LINES}
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

function MapOrTable({ view }: { readonly view: OperationsView }): JSX.Element {
  return (
    <Segments
      label="Shown as"
      value={view.state.shown}
      options={[
        ["map", "Map"],
        ["table", "Table"],
      ]}
      onChange={(shown) => view.change({ shown })}
    />
  );
}

export function pageSizeFor(days: Days): number {
  return Math.max(5, Math.min(MOST_LINES, Math.floor(MOST_SQUARES / countDays(days))));
}

/** What the squares mean, and how many there are of each. */
function Legend({ lines, days }: { lines: readonly CoverageLine[]; days: Days }): JSX.Element {
  const count = (state: DayState): number => lines.reduce((sum, line) => sum + (figureOf(line.counts, state) ?? 0), 0);
  return (
    <ul class="heat-legend" aria-label={`Days of ${formatRange(days)} by state`}>
      {DAY_STATES.map((state) => (
        <li key={state} title={DAYS[state].meaning}>
          <span class="square" data-state={state} aria-hidden="true">
            {DAYS[state].sign}
          </span>
          {DAYS[state].text} <strong class="number">{formatCount(count(state))}</strong>
        </li>
      ))}
    </ul>
  );
}
