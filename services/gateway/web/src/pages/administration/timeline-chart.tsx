import { type JSX } from "preact";
import { formatDay, formatRange, formatShortDay } from "../../format/dates";
import { sourceName } from "../../shell/scope-bar";
import { SOURCES } from "../../state/view";
import { formatCpm } from "./cpm";
import { type Axis, type Rate, type Span, axisOf, placeOf, spansOf, ticksOf } from "./timeline";

interface TimelineProps {
  readonly rates: readonly Rate[];
  readonly today: string;
  readonly currency: string | null;
}

/** A lane for the general CPM and one for each source: what is in force when. The table below it says the same. */
export function Timeline({ rates, today, currency }: TimelineProps): JSX.Element {
  const axis = axisOf(rates, today);
  const lanes = [null, ...SOURCES];
  return (
    <div class="timeline" role="img" aria-label="CPMs over time; the table below has the same">
      {lanes.map((source) => (
        <div key={source} class="timeline-lane" aria-hidden="true">
          <span class="timeline-label">
            {source !== null && <span class="dot" data-source={source} />}
            {source === null ? "General" : sourceName(source)}
          </span>
          <div class="timeline-track">
            <Mark axis={axis} day={today} />
            {spansOf(rates, source).map((span) => (
              <Bar key={span.rate.id} span={span} axis={axis} isOwn={span.rate.source === source} currency={currency} />
            ))}
          </div>
        </div>
      ))}
      <Ticks axis={axis} today={today} />
    </div>
  );
}

interface BarProps {
  readonly span: Span;
  readonly axis: Axis;
  /** Whether it was set for this lane; otherwise it is the general one that applies here. */
  readonly isOwn: boolean;
  readonly currency: string | null;
}

function Bar({ span, axis, isOwn, currency }: BarProps): JSX.Element | null {
  const left = placeOf(axis, span.start);
  const right = span.end === null ? 1 : placeOf(axis, span.end);
  // All of it was before the axis begins.
  if (right === 0) return null;
  const text = formatCpm(span.rate.cpm, currency);
  const days = span.end === null ? `from ${formatDay(span.start)}` : formatRange({ start: span.start, end: span.end });
  return (
    <span
      class="timeline-bar"
      data-own={isOwn}
      title={`${text}, ${days}${isOwn ? "" : ": the general CPM"}`}
      style={{ left: percent(left), width: percent(right - left) }}
    >
      {text}
    </span>
  );
}

function Mark({ axis, day }: { readonly axis: Axis; readonly day: string }): JSX.Element {
  return <span class="timeline-today" style={{ left: percent(placeOf(axis, day)) }} />;
}

function Ticks({ axis, today }: { readonly axis: Axis; readonly today: string }): JSX.Element {
  return (
    <div class="timeline-lane timeline-ticks" aria-hidden="true">
      <span />
      <div class="timeline-track">
        {ticksOf(axis).map((day) => (
          <span key={day} style={{ left: percent(placeOf(axis, day)) }}>
            {day.slice(5, 7) === "01" ? day.slice(0, 4) : formatShortDay(day)}
          </span>
        ))}
        <span class="timeline-now" style={{ left: percent(placeOf(axis, today)) }}>
          Today
        </span>
      </div>
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
