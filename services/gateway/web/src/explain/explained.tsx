import { type JSX } from "preact";
import { type Figures, coverageOf, figureOf } from "../api/figures";
import { type Metric, type MetricName } from "../api/metrics";
import { Figure } from "../components/figure";
import "./explain.css";
import { type ExplainQuery, explain } from "./question";

interface ExplainedProps {
  readonly metric: Metric;
  readonly figures: Figures;
  readonly currency: string | null;
  /** What the number is of; null: it is shown, and cannot be explained. */
  readonly of: ExplainQuery | null;
  readonly size?: "full" | "tile";
  /** In a table that moves the focus by cells: not a stop for Tab. */
  readonly tabIndex?: number;
}

/** A number that explains itself when it is pressed. Needs an ExplainDialog on the page. */
export function Explained({ metric, figures, currency, of, size = "full", tabIndex }: ExplainedProps): JSX.Element {
  const figure = <Figure metric={metric} value={figureOf(figures, metric.name)} currency={currency} size={size} />;
  const share = coverageOf(figures, metric.name);
  const partial = share !== null && share < 1 ? "" : undefined;
  const content = (
    <>
      {figure}
      {partial !== undefined && <span class="visually-hidden"> of a part of the impressions</span>}
    </>
  );
  if (of === null) return <span class="explained" data-partial={partial}>{content}</span>;
  return (
    <button
      type="button"
      class="explained"
      data-partial={partial}
      tabIndex={tabIndex}
      aria-haspopup="dialog"
      onClick={() => explain(metric.name as MetricName, of)}
    >
      {content}
    </button>
  );
}
