import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Name } from "../../components/name";
import { formatShortDay, formatWeekday } from "../../format/dates";
import { SOURCES } from "../../state/view";
import { type CoverageLine } from "./coverage";
import { type Cell } from "./state";
import { SourceName } from "./status";
import { DAYS, dayState } from "./words";

interface HeatMapProps {
  readonly lines: readonly CoverageLine[];
  readonly onOpen: (cell: Cell) => void;
}

interface At {
  readonly line: number;
  readonly day: number;
}

/** A square for each day. Tab goes to one of them, arrow keys to the others. */
export function HeatMap({ lines, onOpen }: HeatMapProps): JSX.Element {
  const grid = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<At>({ line: 0, day: 0 });
  const dates = lines[0]?.days.map((each) => each.date ?? "") ?? [];
  const stop: At = { line: Math.min(at.line, lines.length - 1), day: Math.min(at.day, dates.length - 1) };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moved(stop, event.key, { line: lines.length - 1, day: dates.length - 1 });
    if (target === null) return;
    event.preventDefault();
    setAt(target);
    grid.current?.querySelector<HTMLElement>(`[data-at="${keyOf(target)}"]`)?.focus();
  };
  return (
    <div class="heat-scroll">
      <table class="heat" role="grid" aria-label="Coverage by day" ref={grid} onKeyDown={onKeyDown}>
        <DayHeads dates={dates} />
        <tbody>
          {lines.map((line, index) => (
            <Line
              key={`${line.client_id ?? ""} ${line.source ?? ""}`}
              line={line}
              index={index}
              isFirst={line.client_id !== lines[index - 1]?.client_id}
              stop={stop}
              onOpen={onOpen}
              onFocus={setAt}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Numbers of days; the month where it begins. */
function DayHeads({ dates }: { readonly dates: readonly string[] }): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col" class="heat-client">
          Client
        </th>
        <th scope="col" class="heat-source">
          Source
        </th>
        {dates.map((date, index) => (
          <th key={date} scope="col" data-weekend={isWeekend(date)} data-month={index === 0 || date.endsWith("-01")}>
            <span class="visually-hidden">{formatWeekday(date)}</span>
            <span aria-hidden="true" class="heat-month">
              {index === 0 || date.endsWith("-01") ? monthOf(date) : ""}
            </span>
            <span aria-hidden="true">{Number(date.slice(8))}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface LineProps {
  readonly line: CoverageLine;
  readonly index: number;
  readonly isFirst: boolean;
  readonly stop: At;
  readonly onOpen: (cell: Cell) => void;
  readonly onFocus: (at: At) => void;
}

function Line({ line, index, isFirst, stop, onOpen, onFocus }: LineProps): JSX.Element {
  const source = SOURCES.find((each) => each === line.source);
  return (
    <tr data-first={isFirst}>
      <th scope="row" class="heat-client">
        {isFirst ? (
          <Name text={line.client_name ?? ""} />
        ) : (
          <span class="visually-hidden">{line.client_name}</span>
        )}
      </th>
      <th scope="row" class="heat-source">
        <SourceName source={line.source} />
        {line.enabled === false && <span title="This source is switched off for the client"> (off)</span>}
      </th>
      {line.days.map((day, column) => {
        const state = dayState(day.status);
        const date = day.date ?? "";
        const told = `${formatWeekday(date)}: ${DAYS[state].text}`;
        return (
          <td key={date} role="gridcell">
            <button
              type="button"
              class="square"
              data-state={state}
              data-at={keyOf({ line: index, day: column })}
              tabIndex={stop.line === index && stop.day === column ? 0 : -1}
              aria-label={told}
              title={told}
              onFocus={() => onFocus({ line: index, day: column })}
              onClick={() => source !== undefined && onOpen({ client: line.client_id ?? "", source, date })}
            >
              {DAYS[state].sign}
            </button>
          </td>
        );
      })}
    </tr>
  );
}

function keyOf(at: At): string {
  return `${at.line}-${at.day}`;
}

/** Where a key leads from here, within the last line and day; null: it is no key of the map. */
export function moved(from: At, key: string, last: At): At | null {
  const { line, day } = from;
  const targets: Readonly<Record<string, At | undefined>> = {
    ArrowLeft: { line, day: day - 1 },
    ArrowRight: { line, day: day + 1 },
    ArrowUp: { line: line - 1, day },
    ArrowDown: { line: line + 1, day },
    Home: { line, day: 0 },
    End: { line, day: last.day },
    PageUp: { line: 0, day },
    PageDown: { line: last.line, day },
  };
  const target = targets[key];
  if (target === undefined) return null;
  return { line: within(target.line, last.line), day: within(target.day, last.day) };
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** “Mar” of “12 Mar”: the short day without its number. */
function monthOf(date: string): string {
  return formatShortDay(date).replaceAll(/[\d\s.,]+/gu, "");
}
