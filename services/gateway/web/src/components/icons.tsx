import { type JSX } from "preact";

/** Drawn on 20 × 20, in the colour of the text. */
const PATHS = {
  overview: "M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z",
  explorer: "M3 4h14M3 8h14M3 12h14M3 16h14M8 4v12",
  uploads: "M10 13V3M6 7l4-4 4 4M3 13v4h14v-4",
  operations: "M3 10h3l2-6 4 12 2-6h3",
  administration: "M3 5h9M16 5h1M3 10h3M10 10h7M3 15h7M14 15h3M12 3v4M10 8v4M6 8v4M14 13v4M10 13v4M16 3v4",
  account: "M10 10a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 18c.6-4 3.4-5.5 7-5.5s6.4 1.5 7 5.5",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg width="18" height="18" viewBox="0 0 20 20" fill="none" stroke="currentColor" aria-hidden="true">
      <path d={PATHS[name]} stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** Of a button that opens something below it. */
export function Caret(): JSX.Element {
  return (
    <svg class="caret" width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
      <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
}

export function Logo(): JSX.Element {
  return (
    <svg width="22" height="22" viewBox="0 0 16 16" aria-hidden="true">
      <rect width="16" height="16" rx="4" fill="currentColor" />
      <path d="M2 10c2-3 4-3 6 0s4 3 6 0" fill="none" stroke="var(--on-accent)" stroke-width="2" />
    </svg>
  );
}
