/** What the page of operations keeps in its address. */
import { type Codec, id, integer, isDay, maybeOneOf, oneOf, text } from "../../state/codecs";
import { SCOPE, SOURCES, type Source, type View, hrefOf } from "../../state/view";

export const TABS = [
  ["coverage", "Coverage"],
  ["runs", "Runs"],
  ["quarantine", "Quarantine"],
  ["restatements", "Restatements"],
  ["backfill", "Backfill"],
  ["queues", "Queues"],
  ["notifications", "Notifications"],
  ["schedules", "Schedules"],
  ["audit", "Audit log"],
] as const;
export type Tab = (typeof TABS)[number][0];

/** Of the statuses that the API filters by; its names of older clients are left out. */
export const RUN_STATUSES = [
  "running",
  "stalled",
  "held",
  "loaded",
  "partial",
  "unchanged",
  "superseded",
  "missing_file",
  "failed",
  "undone",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const day: Codec<string | null> = {
  parse: (found) => (isDay(found ?? undefined) ? found : null),
  format: (value) => value,
};

/** A square of the coverage map. */
export interface Cell {
  readonly client: string;
  readonly source: Source;
  readonly date: string;
}

const cell: Codec<Cell | null> = {
  parse: (found) => {
    const [client = "", named = "", date] = (found ?? "").split("~");
    const [known, source] = [id.parse(client), SOURCES.find((each) => each === named)];
    return known === null || source === undefined || !isDay(date) ? null : { client: known, source, date };
  },
  format: (value) => (value === null ? null : [value.client, value.source, value.date].join("~")),
};

export const OPERATIONS = {
  tab: oneOf(
    TABS.map(([tab]) => tab),
    "coverage",
  ),
  client: SCOPE.client,
  source: SCOPE.source,
  /** Of coverage; elsewhere days are optional: from, to. */
  range: SCOPE.range,
  from: day,
  to: day,
  page: integer(1, 1, 1_000_000),
  run: id,
  cell,
  shown: oneOf(["map", "table"], "map"),
  status: maybeOneOf(RUN_STATUSES),
  sort: oneOf(["started_at", "run_date", "status", "rows_loaded", "rows_rejected"], "started_at"),
  order: oneOf(["desc", "asc"], "desc"),
  kind: maybeOneOf(["load", "undo", "repricing", "deletion"]),
  job: id,
  severity: maybeOneOf(["info", "warning", "error"]),
  seen: oneOf(["no", "yes", "all"], "no"),
  email: text,
  entity: text,
  entity_id: text,
  action: text,
} as const;
export type OperationsView = View<typeof OPERATIONS>;
export type OperationsState = OperationsView["state"];

/** Another tab begins on its first page, with nothing open; client, source and days go along. */
export function onTab(tab: Tab, changes: Partial<OperationsState> = {}): Partial<OperationsState> {
  return { tab, page: 1, cell: null, run: null, ...changes };
}

export function hrefTo(state: OperationsState, changes: Partial<OperationsState>): string {
  return hrefOf("/operations", OPERATIONS, { ...state, ...changes });
}
