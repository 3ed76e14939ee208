import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { Calendar } from "../components/calendar";
import { Field } from "../components/field";
import { Popup } from "../components/popup";
import { formatRange } from "../format/dates";
import { isDay } from "../state/codecs";
import { type Days, MOST_DAYS, PRESETS, type Preset, type RangeChoice, countDays, daysOf } from "../state/ranges";

interface RangePickerProps {
  readonly choice: RangeChoice;
  readonly today: string;
  readonly onChoose: (choice: RangeChoice) => void;
}

/** A preset by its name, or any two days: typed, or from a calendar. */
export function RangePicker({ choice, today, onChoose }: RangePickerProps): JSX.Element {
  const days = daysOf(choice, today);
  const shown = typeof choice === "string" ? PRESETS[choice] : formatRange(days);
  return (
    <Popup label={`Days: ${shown}, ${formatRange(days)}`} button={<span title={formatRange(days)}>{shown}</span>}>
      {(close) => (
        <RangeDialog
          choice={choice}
          days={days}
          today={today}
          onChoose={(next) => {
            close();
            onChoose(next);
          }}
        />
      )}
    </Popup>
  );
}

interface RangeDialogProps extends RangePickerProps {
  readonly days: Days;
}

function RangeDialog({ choice, days, today, onChoose }: RangeDialogProps): JSX.Element {
  const [start, setStart] = useState(days.start);
  const [end, setEnd] = useState(days.end);
  const problem = problemOf(start, end);
  return (
    <div class="range-popup">
      <div class="stack-tight" role="group" aria-label="Presets">
        {(Object.keys(PRESETS) as Preset[]).map((preset) => (
          <button
            key={preset}
            type="button"
            class="option"
            aria-pressed={preset === choice}
            onClick={() => onChoose(preset)}
          >
            {PRESETS[preset]}
          </button>
        ))}
      </div>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) onChoose({ start, end });
        }}
      >
        <div class="row range-fields">
          <Field label="First day" type="date" value={start} max={end} onInput={setStart} />
          <Field label="Last day" type="date" value={end} min={start} onInput={setEnd} />
        </div>
        <Calendar
          days={{ start, end }}
          last={today}
          onChange={(next) => {
            setStart(next.start);
            setEnd(next.end);
          }}
        />
        {problem !== null && <p class="field-error">{problem}</p>}
        <Button kind="primary" type="submit" disabled={problem !== null}>
          Show these days
        </Button>
      </form>
    </div>
  );
}

function problemOf(start: string, end: string): string | null {
  if (!isDay(start) || !isDay(end)) return "Give both days.";
  if (end < start) return "The last day is before the first.";
  return countDays({ start, end }) > MOST_DAYS ? `At most ${MOST_DAYS} days.` : null;
}
