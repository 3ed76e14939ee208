/** What every row and cell of the table is drawn with. */
import { type MetricName } from "../../api/metrics";
import { type ExplainQuery } from "../../explain/question";
import { type Column } from "./columns";
import { type Row } from "./pages";
import { type Level, type SortName } from "./state";

export interface Sheet {
  readonly columns: readonly Column[];
  readonly isTree: boolean;
  /** Whether changes against the period before stand beside the figures. */
  readonly changes: boolean;
  readonly currency: string | null;
  readonly scales: ReadonlyMap<string, number>;
  readonly sort: SortName;
  readonly order: "asc" | "desc";
  readonly days: { readonly start_date: string; readonly end_date: string };
  readonly onSort: (name: SortName) => void;
  readonly onToggle: (id: string) => void;
  /** What a figure of a row is of; the totals without a row. Null: the API explains no such number. */
  readonly explained: (row: Row | null, level: Level) => ExplainQuery | null;
  /** The view of what is below a row. */
  readonly hrefInto: (row: Row, level: Level) => string;
  readonly onPreview: (row: Row, at: Element) => void;
}

export const METRIC_WIDTH = 118;
export const CHANGE_WIDTH = 72;
export const TEXT_WIDTH = 168;
/** Lines of the table above the rows: head and totals. */
export const LINES_ABOVE = 2;
export const ROW_HEIGHT = window.matchMedia("(pointer: coarse)").matches ? 44 : 36;

export function widthOf(column: Column, changes: boolean): number {
  if (column.kind === "text") return TEXT_WIDTH;
  return METRIC_WIDTH + (changes ? CHANGE_WIDTH : 0);
}

/** The tracks of a line; the name takes what is left. */
export function tracksOf(columns: readonly Column[], changes: boolean): string {
  return ["minmax(var(--name-width), 1fr)", ...columns.map((each) => `${widthOf(each, changes)}px`)].join(" ");
}

export function sortNameOf(column: Column): MetricName | null {
  return column.kind === "metric" ? column.name : null;
}

/** Which element takes the focus for a cell. */
export function cellKey(row: number, column: number): string {
  return `${row},${column}`;
}
