/** How the API is asked for the rows of a list. */
import { addressOf } from "../../api/client";
import { type ScopeQuery } from "../../shell/scope";
import { type Level, PLURALS, type Parents, type SortName, isBelow } from "./state";

/** As many rows as fill most screens twice; an answer of them takes a few milliseconds to make and to read. */
export const PAGE_SIZE = 100;

export interface Question {
  readonly scope: ScopeQuery;
  readonly level: Level;
  readonly parents: Parents;
  readonly name: string;
  readonly sort: SortName;
  readonly order: "asc" | "desc";
}

/**
 * The lists of the dashboard have what has rows in the range, narrowed to a campaign at most, and the API keeps their
 * pages. Names and other parents are known to the lists of the hierarchy alone.
 */
export function listAddress(question: Question, page: number): string {
  const { scope, level, name, sort, order } = question;
  const { strategy_id, placement_id } = parentsQuery(question);
  const plain = name.trim() === "" && strategy_id === null && placement_id === null;
  const query = {
    ...withoutCampaign(scope),
    campaign_id: plain || level !== "campaign" ? question.parents.campaign : null,
    strategy_id,
    placement_id,
    name: name.trim(),
    sort_by: sort,
    order,
    page,
    page_size: PAGE_SIZE,
  };
  return addressOf(plain ? `/dashboard/${PLURALS[level]}` : `/${PLURALS[level]}`, { query });
}

/** The parents that can narrow a list of this level. */
export function parentsQuery({ level, parents }: Pick<Question, "level" | "parents">): {
  strategy_id: string | null;
  placement_id: string | null;
} {
  return {
    strategy_id: isBelow(level, "strategy") ? parents.strategy : null,
    placement_id: isBelow(level, "placement") ? parents.placement : null,
  };
}

/** One campaign has one name: there is nothing to search in. */
export function canSearch(level: Level, parents: Parents): boolean {
  return level !== "campaign" || parents.campaign === null;
}

function withoutCampaign({ client_id, start_date, end_date, source }: ScopeQuery): object {
  return { client_id, start_date, end_date, source };
}
