/** Which CPM is in force when, for the general one and for each source. */
import { addDays, addMonths, countDays } from "../../state/ranges";

export interface Rate {
  readonly id: string;
  /** Null: for all sources without one of their own. */
  readonly source: string | null;
  readonly cpm: number;
  /** The first day on which it is in force. */
  readonly from: string;
}

export interface Span {
  readonly rate: Rate;
  readonly start: string;
  /** The last day; null: until there is another. */
  readonly end: string | null;
}

export interface Axis {
  readonly start: string;
  readonly end: string;
}

/** What began earlier is drawn from the edge on. */
const MOST_DAYS = 3 * 365;
const TICKS = 8;
const MONTHS_BETWEEN = [1, 2, 3, 6, 12];

/**
 * The rates of a source in the order of their days; of none (null), the general ones. Before the first of its own a
 * source has the general ones, from then on none of them. Days before the first span are unpriced.
 */
export function spansOf(rates: readonly Rate[], source: string | null): Span[] {
  const general = sorted(rates.filter((rate) => rate.source === null));
  const own = source === null ? general : sorted(rates.filter((rate) => rate.source === source));
  const first = own[0]?.from ?? null;
  const before = source === null ? [] : general.filter((rate) => first === null || rate.from < first);
  const all = [...before, ...own];
  return all.map((rate, index) => {
    const next = all[index + 1];
    return { rate, start: rate.from, end: next === undefined ? null : addDays(next.from, -1) };
  });
}

/** The last day of a rate; null: until there is another of its kind. */
export function lastDayOf(rates: readonly Rate[], rate: Rate): string | null {
  const later = sorted(rates.filter((each) => each.source === rate.source && each.from > rate.from));
  return later[0] === undefined ? null : addDays(later[0].from, -1);
}

export type Standing = "past" | "in force" | "to come";

export function standingOf(rates: readonly Rate[], rate: Rate, today: string): Standing {
  if (rate.from > today) return "to come";
  const last = lastDayOf(rates, rate);
  return last !== null && last < today ? "past" : "in force";
}

/** From the first rate to some time after today or the last one, whichever is later. */
export function axisOf(rates: readonly Rate[], today: string): Axis {
  const days = [today, ...rates.map(({ from }) => from)].sort();
  const newest = days.at(-1) ?? today;
  const earliest = addDays(newest, -MOST_DAYS);
  const oldest = days[0] ?? today;
  const start = oldest < earliest ? earliest : oldest;
  return { start, end: addDays(newest, Math.max(14, Math.round(countDays({ start, end: newest }) / 10))) };
}

/** Where a day is on the axis, from 0 to 1; what is beyond its ends is at them. */
export function placeOf(axis: Axis, day: string): number {
  const whole = countDays(axis) - 1;
  return Math.min(1, Math.max(0, (countDays({ start: axis.start, end: day }) - 1) / whole));
}

/** First days of months, no more than can be read. */
export function ticksOf(axis: Axis): string[] {
  const months = countDays(axis) / 30.4;
  const step = MONTHS_BETWEEN.find((each) => months / each <= TICKS) ?? 12;
  const ticks: string[] = [];
  let month = `${axis.start.slice(0, 4)}-01`;
  for (; `${month}-01` <= axis.end; month = addMonths(month, step)) {
    if (`${month}-01` >= axis.start) ticks.push(`${month}-01`);
  }
  return ticks;
}

function sorted(rates: readonly Rate[]): Rate[] {
  return [...rates].sort((a, b) => (a.from < b.from ? -1 : 1));
}
