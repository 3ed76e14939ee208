/** The table's columns and what its cells lead to, made from the state of the view. */
import { textOf } from "../../api/figures";
import { type ExplainQuery } from "../../explain/question";
import { type View, hrefOf } from "../../state/view";
import { type Column } from "./columns";
import { type Row } from "./pages";
import { type Question, parentsQuery } from "./question";
import { type Sheet } from "./sheet";
import { EXPLORER, type ExplorerState, type Level, type SortName, into } from "./state";

interface Made {
  readonly view: View<typeof EXPLORER>;
  readonly question: Question;
  readonly columns: readonly Column[];
  readonly scales: Sheet["scales"];
  readonly currency: string | null;
  readonly onPreview: Sheet["onPreview"];
}

export function makeSheet({ view, question, columns, scales, currency, onPreview }: Made): Sheet {
  const { state, change } = view;
  const { scope } = question;
  return {
    columns,
    isTree: state.level === "tree",
    changes: state.changes,
    currency,
    scales,
    sort: state.sort,
    order: state.order,
    days: { start_date: scope.start_date, end_date: scope.end_date },
    onSort: (name) => change(sortedBy(state, name)),
    onToggle: (id) => change({ open: toggled(state.open, id) }, { replace: true }),
    explained: (row, level) => explainQuery(question, row, level),
    hrefInto: (row, level) => hrefAt(state, level, textOf(row, `${level}_id`)),
    onPreview,
  };
}

/** The view narrowed to an entity, or to none. */
export function hrefAt(state: ExplorerState, level: Level | null, id: string): string {
  const changes =
    level === null
      ? { campaign: null, strategy: null, placement: null, open: [], name: "", ...topLevel(state) }
      : into(state, level, id);
  return hrefOf("/explorer", EXPLORER, { ...state, ...changes });
}

/** Again by the same: the other way round. By another: the largest first, names from A. */
export function sortedBy(state: Pick<ExplorerState, "sort" | "order">, name: SortName): Partial<ExplorerState> {
  if (state.sort === name) return { order: state.order === "asc" ? "desc" : "asc" };
  return { sort: name, order: name === "name" ? "asc" : "desc" };
}

export function toggled(open: readonly string[], id: string): readonly string[] {
  return open.includes(id) ? open.filter((each) => each !== id) : [...open, id];
}

/** What a number is of; null: the API explains nothing of a search by name. */
export function explainQuery(question: Question, row: Row | null, level: Level): ExplainQuery | null {
  const { scope, parents } = question;
  if (row !== null) return { ...scopeOf(scope), ...idsOf(row, level) };
  if (question.name.trim() !== "") return null;
  const { strategy_id, placement_id } = parentsQuery(question);
  return {
    ...scopeOf(scope),
    ...(parents.campaign === null ? {} : { campaign_id: parents.campaign }),
    ...(strategy_id === null ? {} : { strategy_id }),
    ...(placement_id === null ? {} : { placement_id }),
  };
}

function scopeOf({ client_id, start_date, end_date, source }: Question["scope"]): ExplainQuery {
  return { client_id, start_date, end_date, ...(source === undefined ? {} : { source }) };
}

function idsOf(row: Row, level: Level): Partial<ExplainQuery> {
  return { [`${level}_id`]: textOf(row, `${level}_id`) };
}

function topLevel(state: ExplorerState): Partial<ExplorerState> {
  return state.level === "tree" ? {} : { level: "campaign" };
}
