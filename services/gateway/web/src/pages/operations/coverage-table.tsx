import { type JSX } from "preact";
import { figureOf } from "../../api/figures";
import { Name } from "../../components/name";
import { type Column, Table } from "../../components/table";
import { formatShortDay } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { SOURCES } from "../../state/view";
import { type CoverageLine } from "./coverage";
import { type Cell } from "./state";
import { SourceName } from "./status";
import { DAYS, DAY_STATES, type DayState, dayState } from "./words";

/** What somebody has to look at. */
const TROUBLE: readonly DayState[] = ["missing", "failed", "held", "partial"];
const MOST_NAMED = 4;

interface CoverageTableProps {
  readonly lines: readonly CoverageLine[];
  readonly onOpen: (cell: Cell) => void;
}

/** The same as the map, in numbers, and the days to look at by name. */
export function CoverageTable({ lines, onOpen }: CoverageTableProps): JSX.Element {
  const counts = DAY_STATES.map(
    (state): Column<CoverageLine> => ({
      key: state,
      title: DAYS[state].text,
      kind: "number",
      cell: (line) => formatCount(figureOf(line.counts, state)),
    }),
  );
  return (
    <Table
      caption="Days by state"
      rows={lines}
      rowKey={(line) => `${line.client_id ?? ""} ${line.source ?? ""}`}
      columns={[
        { key: "client", title: "Client", cell: (line) => <Name text={line.client_name ?? ""} /> },
        { key: "source", title: "Source", cell: (line) => <SourceName source={line.source} /> },
        ...counts,
        { key: "days", title: "To look at", cell: (line) => <Troubled line={line} onOpen={onOpen} /> },
      ]}
    />
  );
}

function Troubled({ line, onOpen }: { line: CoverageLine; onOpen: CoverageTableProps["onOpen"] }): JSX.Element {
  const source = SOURCES.find((each) => each === line.source);
  const days = line.days.filter((day) => TROUBLE.includes(dayState(day.status)));
  return (
    <span class="row nowrap">
      {days.slice(0, MOST_NAMED).map((day) => {
        const date = day.date ?? "";
        const { text } = DAYS[dayState(day.status)];
        return (
          <button
            key={date}
            type="button"
            class="link small"
            title={text}
            onClick={() => source !== undefined && onOpen({ client: line.client_id ?? "", source, date })}
          >
            {formatShortDay(date)} <span class="visually-hidden">{text}</span>
          </button>
        );
      })}
      {days.length > MOST_NAMED && <span class="muted small">and {formatCount(days.length - MOST_NAMED)} more</span>}
      {days.length === 0 && <span class="muted">–</span>}
    </span>
  );
}
