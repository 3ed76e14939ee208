/** Restatements in words: “41 on Monday, 47 today”. */
import { METRICS, type Metric } from "../../api/metrics";
import { isRecord } from "../../api/errors";

const DAY_MS = 86_400_000;
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** When, as people say it: today, yesterday, on Monday, on 3 March 2026; in the reader's time zone. */
export function whenSaid(iso: string, now = new Date()): string {
  const then = new Date(iso);
  const ago = Math.round((midnight(now) - midnight(then)) / DAY_MS);
  if (ago === 0) return "today";
  if (ago === 1) return "yesterday";
  return ago > 1 && ago < 7 ? `on ${WEEKDAY.format(then)}` : `on ${FULL.format(then)}`;
}

/** Both moments so that they can be told apart: on one day by the time of day. */
export function whenBoth(earlier: string | null, later: string, now = new Date()): { earlier: string; later: string } {
  const last = whenSaid(later, now);
  if (earlier === null) return { earlier: "before", later: last };
  const first = whenSaid(earlier, now);
  if (first !== last) return { earlier: first, later: last };
  const [one, two] = [TIME.format(new Date(earlier)), TIME.format(new Date(later))];
  return one === two ? { earlier: "before", later: last } : { earlier: `at ${one}`, later: `${last} at ${two}` };
}

function midnight(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

export interface Restated {
  readonly name: string;
  /** Null: the number of rows, or a measure that has no metric of its own. */
  readonly metric: Metric | null;
  readonly before: number | null;
  readonly after: number | null;
}

/** The numbers that changed, in the order of metrics, rows last. */
export function restatedIn(changes: Readonly<Record<string, unknown>> | null): Restated[] {
  const found = Object.entries(changes ?? {}).flatMap(([name, change]) => {
    if (!isRecord(change)) return [];
    const metric = METRICS.find((each) => each.name === name) ?? null;
    return [{ name, metric, before: numberIn(change.before), after: numberIn(change.after) }];
  });
  return found.sort((one, other) => rank(one) - rank(other));
}

function rank({ metric, name }: Restated): number {
  if (metric === null) return METRICS.length + (name === "rows" ? 1 : 0);
  return METRICS.findIndex((each) => each.name === metric.name);
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** What changed it. */
export function causeOf(kind: string | null): string {
  return CAUSES[kind ?? ""] ?? "a change";
}

const CAUSES: Readonly<Record<string, string | undefined>> = {
  load: "this file",
  undo: "a run was undone",
  repricing: "a rate changed",
  deletion: "something was deleted",
};
