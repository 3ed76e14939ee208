/** What every row and cell of the table is drawn with. */
import { figureOf } from "../../api/figures";
import { type MetricName } from "../../api/metrics";
import { type ExplainQuery } from "../../explain/question";
import { formatFigure } from "../../format/numbers";
import { type Column } from "./columns";
import { type Cell } from "./keyboard";
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

const LEAST_METRIC_WIDTH = 96;
/** A ratio of a row may be longer than that of all: “1,234.56%”. */
const LEAST_RATIO_LENGTH = 9;
/** Of the widest of usual fonts: totals are bold, titles small. */
const WIDTHS = { total: 9.3, row: 8.7, title: 8.4 } as const;
const PADDING = 30;
const CHANGE_WIDTH = 80;
const TEXT_WIDTH = 168;
/** Lines of the table above the rows: head and totals. */
export const LINES_ABOVE = 2;
export const ROW_HEIGHT = window.matchMedia("(pointer: coarse)").matches ? 44 : 36;

/** In pixels. The totals are the widest of sums; a number must never lose a digit to its column. */
export function widthOf(column: Column, totals: object | null, sheet: Pick<Sheet, "changes" | "currency">): number {
  if (column.kind === "text") return TEXT_WIDTH;
  const value = totals === null ? null : figureOf(totals, column.name);
  const shown = formatFigure(column.metric, value, sheet.currency).length;
  const least = column.metric.additive ? 0 : LEAST_RATIO_LENGTH;
  const longest = Math.max((column.title.length + 1) * WIDTHS.title, shown * WIDTHS.total, least * WIDTHS.row);
  const width = Math.max(LEAST_METRIC_WIDTH, Math.ceil(longest) + PADDING);
  return width + (sheet.changes ? CHANGE_WIDTH : 0);
}

/** The tracks of a line; the name takes what is left. */
export function tracksOf(widths: readonly number[]): string {
  return ["minmax(var(--name-width), 1fr)", ...widths.map((each) => `${each}px`)].join(" ");
}

export function sortNameOf(column: Column): MetricName | null {
  return column.kind === "metric" ? column.name : null;
}

/** A cell takes the focus itself: what is in it comes and goes with the rows, and Enter presses it. */
export interface CellFocus {
  readonly "aria-colindex": number;
  readonly "data-cell": string;
  readonly tabIndex: number;
}

/** `active`: the column of this row that Tab comes to; null: none. */
export function cellFocus(row: number, column: number, active: number | null): CellFocus {
  return {
    "aria-colindex": column + 1,
    "data-cell": cellKey({ row, column }),
    tabIndex: active === column ? 0 : -1,
  };
}

export function cellKey({ row, column }: Cell): string {
  return `${row},${column}`;
}
