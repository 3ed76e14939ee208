import { type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Metric } from "../api/metrics";
import { Skeleton } from "../components/notes";
import { formatRange } from "../format/dates";
import { formatFigure } from "../format/numbers";
import { repaints } from "../state/theme";
import { type TrendPoint } from "./points";
import { type Drawing } from "./trend";
import "./charts.css";

interface TrendChartProps {
  readonly points: readonly TrendPoint[];
  readonly metric: Metric;
  readonly currency: string | null;
  readonly height: number;
  readonly hasComparison: boolean;
  readonly onOpen: (point: TrendPoint) => void;
}

/** A course over time. What draws it is loaded after the rest of the page stands. */
export function TrendChart(props: TrendChartProps): JSX.Element {
  const { points, metric, currency, height, hasComparison, onOpen } = props;
  const place = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const open = useRef(onOpen);
  open.current = onOpen;
  useEffect(() => {
    let made: Drawing | null = null;
    let isGone = false;
    void import("./trend").then(({ draw }) => {
      if (isGone || place.current === null) return;
      made = draw(place.current, (point) => open.current(point));
      setDrawing(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, []);
  useEffect(() => {
    drawing?.show({ points, metric, currency, hasComparison });
  }, [drawing, points, metric.name, currency, hasComparison, repaints.value]);
  return (
    <figure>
      <div class="chart" role="img" aria-label={summaryOf(props)} style={{ height: `${height}px` }}>
        <div ref={place} class="chart-place" />
        {drawing === null && <Skeleton height={height} />}
      </div>
      <figcaption class="legend small muted">
        <span data-line="final">{metric.label}</span>
        {points.some(({ status }) => status === "provisional") && <span data-line="provisional">provisional</span>}
        {hasComparison && (
          <span data-line="compared">
            {points.some(({ compareValue }) => compareValue !== null) ? "compared" : "compared: no data"}
          </span>
        )}
        {points.some(({ status }) => status === "no_data") && <span data-line="gap">no data</span>}
      </figcaption>
    </figure>
  );
}

/** What somebody hears instead of seeing the chart; the table behind it has every point. */
function summaryOf({ points, metric, currency }: TrendChartProps): string {
  const known = points.filter((point) => point.value !== null);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || known.length === 0) return `${metric.label}: no data`;
  const values = known.map((point) => point.value ?? 0);
  const range = formatRange({ start: first.date, end: last.endDate });
  const least = formatFigure(metric, Math.min(...values), currency);
  const most = formatFigure(metric, Math.max(...values), currency);
  return `${metric.label}, ${range}: between ${least} and ${most}. The table below has every point.`;
}
