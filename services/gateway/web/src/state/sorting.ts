/** Columns by which the API sorts a list. */
import { type Codec, maybeOneOf } from "./codecs";

export type Order = "asc" | "desc";
/** Null: as the API does it unasked, names upwards and the rest downwards. */
export const order: Codec<Order | null> = maybeOneOf(["asc", "desc"]);

export interface Sorting<T extends string> {
  readonly sort: T;
  readonly order: Order | null;
}

export interface SortedColumn {
  readonly sorted: "ascending" | "descending" | "none";
  readonly onSort: () => void;
}

export function orderOf<T extends string>({ sort, order: chosen }: Sorting<T>, names: readonly T[]): Order {
  return chosen ?? (names.includes(sort) ? "asc" : "desc");
}

/** What a click on a column's title asks for: this column, or the other way around. */
export function nextSorting<T extends string>(now: Sorting<T>, column: T, names: readonly T[]): Sorting<T> {
  if (now.sort !== column) return { sort: column, order: null };
  const usual = orderOf({ sort: column, order: null }, names);
  const next: Order = orderOf(now, names) === "asc" ? "desc" : "asc";
  return { sort: column, order: next === usual ? null : next };
}

/** For the title of a column. `names`: the columns that hold names. */
export function sortedBy<T extends string>(
  now: Sorting<T>,
  column: T,
  names: readonly T[],
  onSort: (next: Sorting<T>) => void,
): SortedColumn {
  const direction = orderOf(now, names) === "asc" ? "ascending" : "descending";
  return {
    sorted: now.sort === column ? direction : "none",
    onSort: () => onSort(nextSorting(now, column, names)),
  };
}
