/** The ledger of a run: for each day its totals before and after. */
import { isRecord } from "../../api/errors";
import { METRICS, type Metric } from "../../api/metrics";

export interface Entry {
  readonly date: string;
  readonly account: string;
  readonly kind: string;
  readonly at: string | null;
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}

const MICROS = "_micros";

/** Money is kept in millionths there. What is not a number was not measured. */
export function amountsIn(totals: unknown): Readonly<Record<string, number>> {
  const amounts: Record<string, number> = {};
  for (const [name, value] of Object.entries(isRecord(totals) ? totals : {})) {
    if (typeof value !== "number") continue;
    if (name.endsWith(MICROS)) amounts[name.slice(0, -MICROS.length)] = value / 1e6;
    else amounts[name] = value;
  }
  return amounts;
}

export interface Measure {
  readonly name: string;
  readonly label: string;
  readonly metric: Metric | null;
}

/** What the entries measure: rows, then metrics in the order in which people read them. */
export function measuresOf(entries: readonly Entry[]): Measure[] {
  const names = new Set(entries.flatMap((entry) => [...Object.keys(entry.before), ...Object.keys(entry.after)]));
  const rows: Measure[] = names.has("rows") ? [{ name: "rows", label: "Rows", metric: null }] : [];
  const metrics = METRICS.filter((metric) => names.has(metric.name));
  return [...rows, ...metrics.map((metric) => ({ name: metric.name, label: metric.label, metric }))];
}
