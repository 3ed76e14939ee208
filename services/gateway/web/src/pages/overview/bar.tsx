import { type JSX } from "preact";

interface BarProps {
  /** From 0 to 1. */
  readonly share: number;
  readonly source?: string | null;
}

/** How much of the whole, or of the largest: for the eye; the number stands beside it. */
export function Bar({ share, source }: BarProps): JSX.Element {
  return (
    <span class="bar" data-source={source ?? undefined} aria-hidden="true">
      <span style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
    </span>
  );
}
