/** The columns of the table: names of what lies above, and metrics. */
import { figureOf } from "../../api/figures";
import { METRICS, type Metric, type MetricName } from "../../api/metrics";
import { type Row } from "./pages";
import { type ColumnName, LEVELS, type Level, TEXT_COLUMNS, type TextColumn } from "./state";

export interface MetricColumn {
  readonly kind: "metric";
  readonly name: MetricName;
  readonly title: string;
  readonly metric: Metric & { readonly name: MetricName };
}
export type Column = { readonly kind: "text"; readonly name: TextColumn; readonly title: string } | MetricColumn;

const TEXT_TITLES: Readonly<Record<TextColumn, string>> = {
  source: "Source",
  campaign_name: "Campaign",
  strategy_name: "Strategy",
  placement_name: "Placement",
};

const ALL: readonly Column[] = [
  ...TEXT_COLUMNS.map((name) => ({ kind: "text" as const, name, title: TEXT_TITLES[name] })),
  ...METRICS.map((metric) => ({ kind: "metric" as const, name: metric.name, title: metric.label, metric })),
];

/** The columns that there can be: what lies above a flat list, and the metrics that the API returns. */
export function possibleColumns(level: Level, isTree: boolean, totals: Row | null): readonly Column[] {
  return ALL.filter((column) =>
    column.kind === "text"
      ? !isTree && isAbove(column.name, level)
      : totals === null || figureOf(totals, column.name) !== undefined,
  );
}

/** Those of them that were chosen, in the order in which they were put. */
export function chosenColumns(chosen: readonly ColumnName[], possible: readonly Column[]): readonly Column[] {
  return chosen.flatMap((name) => possible.filter((column) => column.name === name));
}

/** One place up or down in the order. */
export function movedColumn(
  chosen: readonly ColumnName[],
  name: ColumnName,
  step: -1 | 1,
  possible: readonly Column[],
): readonly ColumnName[] {
  // What is not shown here (a name above, in a tree) keeps its place: it is jumped over.
  const shown = chosen.filter((each) => possible.some((column) => column.name === each));
  const other = shown[shown.indexOf(name) + step];
  if (other === undefined) return chosen;
  return chosen.map((each) => (each === name ? other : each === other ? name : each));
}

/** Put in or taken away; the last one stays. */
export function toggledColumn(chosen: readonly ColumnName[], name: ColumnName): readonly ColumnName[] {
  if (!chosen.includes(name)) return [...chosen, name];
  return chosen.length > 1 ? chosen.filter((each) => each !== name) : chosen;
}

/**
 * What a full bar means, for each metric that has bars: the largest value of the list. It is known where all rows are
 * in the first page, or where that is sorted by it; elsewhere bars would grow and shrink with what happens to be read.
 */
export function barScales(
  first: readonly Row[],
  total: number,
  sort: string,
  order: string,
): ReadonlyMap<string, number> {
  const scales = new Map<string, number>();
  for (const metric of METRICS) {
    const isKnown = first.length >= total || (metric.name === sort && order === "desc");
    if (!metric.additive || !isKnown) continue;
    const most = Math.max(0, ...first.map((row) => figureOf(row, metric.name) ?? 0));
    if (most > 0) scales.set(metric.name, most);
  }
  return scales;
}

/** From 0 to 1; null: no bar. */
export function barOf(scales: ReadonlyMap<string, number>, row: Row, name: string): number | null {
  const most = scales.get(name);
  const value = figureOf(row, name);
  if (most === undefined || value === null || value === undefined || value <= 0) return null;
  return Math.min(1, value / most);
}

function isAbove(name: TextColumn, level: Level): boolean {
  if (name === "source") return true;
  const above = LEVELS.findIndex((each) => name === `${each}_name`);
  return above < LEVELS.indexOf(level);
}
