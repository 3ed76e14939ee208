import { type JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { WEEKDAYS, formatMonth, formatWeekday } from "../format/dates";
import { type Days, addDays, addMonths, mondayOf } from "../state/ranges";
import { Button } from "./button";

interface CalendarProps {
  readonly days: Days;
  /** No day after it can be chosen. */
  readonly last: string;
  readonly onChange: (days: Days) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A month. The first choice begins a range, the second ends it; arrow keys move by days and weeks. */
export function Calendar({ days, last, onChange }: CalendarProps): JSX.Element {
  const [month, setMonth] = useState(days.end.slice(0, 7));
  const [focused, setFocused] = useState(days.end);
  const [begun, setBegun] = useState<string | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const go = (day: string): void => {
    const target = day > last ? last : day;
    setFocused(target);
    setMonth(target.slice(0, 7));
    // After it is drawn: the day may be in a month that is not there yet.
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${target}"]`)?.focus());
  };
  const choose = (day: string): void => {
    setFocused(day);
    setBegun(begun === null ? day : null);
    if (begun === null) onChange({ start: day, end: day });
    else onChange(day < begun ? { start: day, end: begun } : { start: begun, end: day });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event.key, focused);
    if (target === null) return;
    event.preventDefault();
    go(target);
  };
  return (
    <div class="stack-tight">
      <Months month={month} last={last.slice(0, 7)} onChange={setMonth} />
      <div class="calendar" role="group" aria-label={formatMonth(month)} ref={grid} onKeyDown={onKeyDown}>
        {WEEKDAYS.map((name) => (
          <span key={name} aria-hidden="true">
            {name}
          </span>
        ))}
        {weeksOf(month).map((day, index) =>
          day === null ? (
            <span key={index} />
          ) : (
            <Day
              key={day}
              day={day}
              days={days}
              disabled={day > last}
              isFocused={day === tabStop(focused, month)}
              onChoose={choose}
            />
          ),
        )}
      </div>
    </div>
  );
}

interface MonthsProps {
  readonly month: string;
  readonly last: string;
  readonly onChange: (month: string) => void;
}

function Months({ month, last, onChange }: MonthsProps): JSX.Element {
  const go = (count: number): void => onChange(addMonths(month, count));
  return (
    <div class="row calendar-head">
      <Button kind="quiet" square label="Month before" onClick={() => go(-1)}>
        ‹
      </Button>
      <span aria-live="polite">{formatMonth(month)}</span>
      <Button kind="quiet" square label="Month after" disabled={month >= last} onClick={() => go(1)}>
        ›
      </Button>
    </div>
  );
}

interface DayProps {
  readonly day: string;
  readonly days: Days;
  readonly disabled: boolean;
  readonly isFocused: boolean;
  readonly onChoose: (day: string) => void;
}

function Day({ day, days, disabled, isFocused, onChoose }: DayProps): JSX.Element {
  const within = day >= days.start && day <= days.end;
  return (
    <button
      type="button"
      data-day={day}
      data-within={within}
      data-end={day === days.start || day === days.end}
      aria-label={formatWeekday(day)}
      aria-pressed={within}
      tabIndex={isFocused ? 0 : -1}
      disabled={disabled}
      onClick={() => onChoose(day)}
    >
      {Number(day.slice(8))}
    </button>
  );
}

/** The days of a month from Monday on, with nothing before its first. */
export function weeksOf(month: string): (string | null)[] {
  const first = `${month}-01`;
  const before = (Date.parse(first) - Date.parse(mondayOf(first))) / 86_400_000;
  const days: (string | null)[] = Array.from({ length: before }, () => null);
  for (let day = first; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  return days;
}

/** One day of the month can be reached with Tab, the others from there. */
function tabStop(focused: string, month: string): string {
  return focused.startsWith(month) ? focused : `${month}-01`;
}

function targetOf(key: string, from: string): string | null {
  const step = STEPS[key];
  if (step !== undefined) return addDays(from, step);
  if (key !== "PageUp" && key !== "PageDown") return null;
  const month = addMonths(from.slice(0, 7), key === "PageUp" ? -1 : 1);
  const day = `${month}-${from.slice(8)}`;
  return Number.isNaN(Date.parse(day)) || !new Date(day).toISOString().startsWith(month) ? `${month}-28` : day;
}
