/** What a look at an upload says, put in the order in which people read it. */
import { METRICS, type Metric } from "../../api/metrics";
import { type ChangedRow, type Preview } from "./api";

export interface TotalChange {
  readonly name: string;
  /** Null: it is the number of rows. */
  readonly metric: Metric | null;
  readonly before: number | null;
  readonly after: number | null;
  /** Null: it was or is not measured. */
  readonly difference: number | null;
}

/** Totals of the file's days, before → after: rows first, then the metrics that the answer has. */
export function totalChanges(totals: Preview["totals"]): TotalChange[] {
  const { before, after } = totals;
  const names = ["rows", ...METRICS.map((metric) => metric.name)].filter((name) => name in before || name in after);
  return names.map((name) => {
    const [old, now] = [before[name] ?? null, after[name] ?? null];
    const metric = METRICS.find((each) => each.name === name) ?? null;
    return { name, metric, before: old, after: now, difference: difference(old, now) };
  });
}

/** Of two amounts with at most six decimals, without the noise of binary fractions. */
export function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.round((after - before) * 1e6) / 1e6;
}

export interface MetricChange {
  readonly metric: Metric;
  readonly before: number | null;
  readonly after: number | null;
}

/** Which numbers of a row change. */
export function metricChanges(row: ChangedRow): MetricChange[] {
  return METRICS.flatMap((metric) => {
    const found = row.metrics[metric.name];
    return found === undefined ? [] : [{ metric, before: found.before, after: found.after }];
  });
}

export interface DaySpan {
  readonly start: string;
  readonly end: string;
  readonly count: number;
}

/** First and last day of a file and how many days it has; null: none. */
export function spanOf(dates: Preview["dates"]): DaySpan | null {
  const days = dates.map((each) => each.date).sort();
  const [start, end] = [days[0], days.at(-1)];
  return start === undefined || end === undefined ? null : { start, end, count: days.length };
}

export interface ControlTotal {
  readonly name: string;
  readonly metric: Metric | null;
  readonly said: number;
}

/** What the file's own total row says; of what it says that is a number. */
export function controlTotals(said: Readonly<Record<string, unknown>> | null): ControlTotal[] {
  return Object.entries(said ?? {}).flatMap(([name, value]) => {
    const plain = name.replace(/_micros$/u, "");
    const metric = METRICS.find((each) => each.name === plain) ?? null;
    if (typeof value !== "number") return [];
    return [{ name: plain, metric, said: plain === name ? value : value / 1e6 }];
  });
}
