/** What the figures on a page are of: client, days, filters; and how the API is asked for them. */
import { useEffect, useMemo } from "preact/hooks";
import { type Resource, useResource } from "../api/resource";
import { type Answer } from "../api/client";
import { type Days, daysOf, todayIn } from "../state/ranges";
import { SCOPE, type Scope, type Source, type View, useView } from "../state/view";

export interface ScopeQuery {
  client_id: string[];
  start_date: string;
  end_date: string;
  source?: Source;
  campaign_id?: string;
}

export type Client = Answer<"/clients/active">["data"][number];

export interface ScopeInUse {
  readonly view: View<typeof SCOPE>;
  readonly clients: Resource<Answer<"/clients/active">>;
  /** The chosen one, once the list is there and has it. */
  readonly client: Client | null;
  /** In the account's time zone. */
  readonly today: string;
  readonly days: Days;
  /** Null until it is known which client is meant. */
  readonly query: ScopeQuery | null;
}

const LAST_CLIENT = "tidemark.client";
const MOST_CLIENTS = 500;

/** Reads the scope from the address; an address without a client gets the last one, or the first. */
export function useScope(): ScopeInUse {
  const view = useView(SCOPE);
  const clients = useResource("/clients/active", { query: { page_size: MOST_CLIENTS } });
  const { state } = view;
  const client = clients.data?.data.find((each) => each.id === state.client) ?? null;
  const today = todayIn(client?.timezone ?? "UTC");
  const days = daysOf(state.range, today);

  useEffect(() => {
    if (state.client !== null) localStorage.setItem(LAST_CLIENT, state.client);
    else if (clients.data !== null) view.change({ client: standard(clients.data.data) }, { replace: true });
  }, [state.client, clients.data]);

  // Until the list is there the time zone is not known: days would change a moment later.
  const known = clients.data !== null || clients.error !== null;
  const query = useMemo(() => (known ? queryOf(state, days) : null), [known, keyOf(state, days)]);
  return { view, clients, client, today, days, query };
}

function standard(clients: readonly Client[]): string | null {
  const last = localStorage.getItem(LAST_CLIENT);
  return clients.find((each) => each.id === last)?.id ?? clients[0]?.id ?? null;
}

function queryOf(state: Scope, days: Days): ScopeQuery | null {
  if (state.client === null) return null;
  return {
    client_id: [state.client],
    start_date: days.start,
    end_date: days.end,
    ...(state.source === null ? {} : { source: state.source }),
    ...(state.campaign === null ? {} : { campaign_id: state.campaign }),
  };
}

function keyOf(state: Scope, days: Days): string {
  return [state.client, days.start, days.end, state.source, state.campaign].join(" ");
}
