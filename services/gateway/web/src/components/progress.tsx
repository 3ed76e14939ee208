import { type JSX } from "preact";
import { formatShare } from "../format/numbers";

interface ProgressProps {
  readonly label: string;
  /** From 0 to 100; null: under way, nobody knows how far. */
  readonly percent: number | null;
  /** Instead of the percentage: “3 of 12 days”. */
  readonly told?: string;
}

export function Progress({ label, percent, told }: ProgressProps): JSX.Element {
  const shown = told ?? (percent === null ? "" : formatShare(Math.floor(percent)));
  return (
    <div class="progress">
      <div class="row progress-head">
        <span>{label}</span>
        <span class="muted number">{shown}</span>
      </div>
      <div
        class="progress-bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === null ? undefined : Math.floor(percent)}
        aria-valuetext={shown === "" ? undefined : shown}
        data-unknown={percent === null}
      >
        <span style={{ inlineSize: `${percent ?? 35}%` }} />
      </div>
    </div>
  );
}
