/** How the parts of a view's state are written in its address. A default is not written; nonsense reads as default. */

export interface Codec<T> {
  parse(text: string | null): T;
  /** Null: it is the default. */
  format(value: T): string | null;
}

export type Codecs = Readonly<Record<string, Codec<unknown>>>;
export type StateOf<C> = { readonly [K in keyof C]: C[K] extends Codec<infer T> ? T : never };

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

export function oneOf<const T extends string>(choices: readonly T[], otherwise: T): Codec<T> {
  return {
    parse: (text) => choices.find((choice) => choice === text) ?? otherwise,
    format: (value) => (value === otherwise ? null : value),
  };
}

/** One of these, or none. */
export function maybeOneOf<const T extends string>(choices: readonly T[]): Codec<T | null> {
  return { parse: (text) => choices.find((choice) => choice === text) ?? null, format: (value) => value };
}

/** Some of these, in the order in which somebody put them. */
export function someOf<const T extends string>(choices: readonly T[], otherwise: readonly T[]): Codec<readonly T[]> {
  const standard = otherwise.join(",");
  return {
    parse: (text) => {
      const found = (text ?? "").split(",").filter((each): each is T => (choices as readonly string[]).includes(each));
      return found.length > 0 ? [...new Set(found)] : otherwise;
    },
    format: (value) => (value.join(",") === standard ? null : value.join(",")),
  };
}

export const id: Codec<string | null> = {
  parse: (text) => (text !== null && UUID.test(text) ? text : null),
  format: (value) => value,
};

export const text: Codec<string> = {
  parse: (found) => (found ?? "").slice(0, 255),
  format: (value) => (value === "" ? null : value),
};

export function integer(otherwise: number, least: number, most: number): Codec<number> {
  return {
    parse: (found) => {
      const value = found === null ? otherwise : Number(found);
      return Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
    },
    format: (value) => (value === otherwise ? null : String(value)),
  };
}

export function isDay(found: string | undefined): found is string {
  return found !== undefined && ISO_DAY.test(found) && !Number.isNaN(Date.parse(`${found}T00:00:00Z`));
}
