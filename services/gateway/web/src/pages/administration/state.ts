/** What is seen of the administration, as it is written in its address. */
import { id, integer, maybeOneOf, oneOf, text } from "../../state/codecs";
import { order } from "../../state/sorting";
import { SCOPE, SOURCES, hrefOf, read } from "../../state/view";

export const PATH = "/administration";
export const PAGE_SIZE = 50;
const page = integer(1, 1, 1_000_000);

export const TABS = [
  ["clients", "Clients"],
  ["users", "Users"],
  ["sources", "Sources"],
  ["rates", "CPMs"],
  ["reports", "Reports"],
] as const;
export type Tab = (typeof TABS)[number][0];

const tab = oneOf(
  TABS.map(([name]) => name),
  "clients",
);

export const OPEN = { tab, client: id } as const;
export const CLIENTS = {
  name: text,
  status: maybeOneOf(["active", "disabled"]),
  sort: oneOf(["name", "created_at", "status"], "name"),
  order,
  page,
} as const;
export const USERS = {
  email: text,
  role: maybeOneOf(["admin", "client"]),
  status: maybeOneOf(["active", "disabled"]),
  sort: oneOf(["email", "last_seen_at"], "email"),
  order,
  page,
} as const;
/** `settings`: of this source; `source` is the filter of the pages about figures. */
export const SETTINGS = { client: id, settings: oneOf(SOURCES, "surfside") } as const;
export const RATES = { client: id } as const;
export const REPORTS = {
  of: id,
  sort: oneOf(["client_name", "created_at"], "client_name"),
  order,
  page,
  /** Whose deliveries are seen, and which page of them. */
  report: id,
  log: page,
} as const;

/** Another part of the page; client, days and filters of the other pages stay. */
export function tabHref(query: URLSearchParams, to: Tab, changes: { client?: string | null } = {}): string {
  return hrefOf(PATH, { ...SCOPE, ...OPEN }, { ...read(SCOPE, query), tab: to, ...changes });
}
