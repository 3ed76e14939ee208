import { type JSX } from "preact";
import { isDay } from "../state/codecs";
import { Button } from "./button";

interface DayFilterProps {
  readonly start: string | null;
  readonly end: string | null;
  readonly onChange: (days: { from: string | null; to: string | null }) => void;
}

/** From a day, to a day, both or none: a list that need not be of a range. */
export function DayFilter({ start, end, onChange }: DayFilterProps): JSX.Element {
  const day = (text: string): string | null => (isDay(text) ? text : null);
  return (
    <span class="row day-filter" role="group" aria-label="Days">
      <input
        class="input bar-control"
        type="date"
        aria-label="First day"
        value={start ?? ""}
        max={end ?? undefined}
        onChange={(event) => onChange({ from: day(event.currentTarget.value), to: end })}
      />
      <span aria-hidden="true">–</span>
      <input
        class="input bar-control"
        type="date"
        aria-label="Last day"
        value={end ?? ""}
        min={start ?? undefined}
        onChange={(event) => onChange({ from: start, to: day(event.currentTarget.value) })}
      />
      {(start !== null || end !== null) && (
        <Button kind="quiet" label="Any day" onClick={() => onChange({ from: null, to: null })}>
          Any day
        </Button>
      )}
    </span>
  );
}
