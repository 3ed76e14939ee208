/** Saved views: what is kept of a view, and the way back to it. */
import { type Place } from "./location";

export interface ViewState {
  readonly path: string;
  readonly query: string;
}

/** Of the pages; something else is no view of this page and is not followed: programs may keep views, too. */
const PATH = /^\/[a-z-]+(?:\/[\w-]+)?$/u;

export function stateOf({ path, query }: Place): ViewState {
  return { path, query: query.toString() };
}

/** The address of a view; null: it is not one of this page. `isPage`: whether there is a page at a path. */
export function hrefOfView(state: unknown, isPage: (path: string) => boolean): string | null {
  const { path, query } = (state ?? {}) as Partial<Record<keyof ViewState, unknown>>;
  if (typeof path !== "string" || !PATH.test(path) || !isPage(path)) return null;
  const written = new URLSearchParams(typeof query === "string" ? query : "").toString();
  return written === "" ? path : `${path}?${written}`;
}

/** Whether an address shows a view: the order of its parts does not count. */
export function isShown(href: string, { path, query }: Place): boolean {
  const [there = "", written = ""] = href.split("?");
  const wanted = new URLSearchParams(written);
  const now = new URLSearchParams(query);
  wanted.sort();
  now.sort();
  return there === path && wanted.toString() === now.toString();
}
