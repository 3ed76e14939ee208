/** The state of a view, read from its address and written to it: a link is a saved view. */
import { type Codecs, type StateOf, id, maybeOneOf, oneOf } from "./codecs";
import { navigate, place } from "./location";
import { range } from "./ranges";

export const SOURCES = ["surfside", "vibe", "facebook"] as const;
export type Source = (typeof SOURCES)[number];

/** What every page about figures shares: it goes along from page to page. */
export const SCOPE = {
  client: id,
  range,
  compare: oneOf(["previous_period", "previous_year", "none"], "previous_period"),
  source: maybeOneOf(SOURCES),
  campaign: id,
} as const;
export type Scope = StateOf<typeof SCOPE>;

export function read<C extends Codecs>(codecs: C, query: URLSearchParams): StateOf<C> {
  const entries = Object.entries(codecs).map(([name, codec]) => [name, codec.parse(query.get(name))]);
  return Object.fromEntries(entries) as StateOf<C>;
}

/** An address of a view in this state. */
export function hrefOf<C extends Codecs>(path: string, codecs: C, state: Partial<StateOf<C>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    const written = codecs[name]?.format(value) ?? null;
    if (written !== null) query.set(name, written);
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

export interface View<C> {
  readonly state: StateOf<C>;
  readonly change: (changes: Partial<StateOf<C>>, how?: { replace?: boolean }) => void;
}

/** The state of the page that is open; a component that calls this is drawn again when it changes. */
export function useView<C extends Codecs>(codecs: C): View<C> {
  const { path, query } = place.value;
  const state = read(codecs, query);
  return {
    state,
    change: (changes, how) => {
      // What other parts of the page keep in the address stays as it is.
      const next = new URLSearchParams(place.peek().query);
      const written = new URLSearchParams(hrefOf("", codecs, { ...state, ...changes }).slice(1));
      for (const name of Object.keys(codecs)) next.delete(name);
      for (const [name, value] of written) next.set(name, value);
      navigate(next.size > 0 ? `${path}?${next.toString()}` : path, how);
    },
  };
}
