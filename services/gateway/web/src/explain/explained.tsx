import { type JSX } from "preact";
import { type Figures, coverageOf, figureOf } from "../api/figures";
import { type Metric, type MetricName } from "../api/metrics";
import { Figure } from "../components/figure";
import "./explain.css";
import { type ExplainQuery, explain } from "./question";

interface ExplainedProps {
  readonly metric: Metric & { readonly name: MetricName };
  readonly figures: Figures;
  readonly currency: string | null;
  /** What the number is of; null: it is shown, and cannot be explained. */
  readonly of: ExplainQuery | null;
  /** Where a table moves the focus itself: whether Tab comes here, and by which key the cell is found. */
  readonly tabIndex?: number;
  readonly cell?: string;
}

/** A number that explains itself when it is pressed. Needs an ExplainDialog on the page. */
export function Explained({ metric, figures, currency, of, tabIndex = 0, cell }: ExplainedProps): JSX.Element {
  const figure = <Figure metric={metric} value={figureOf(figures, metric.name)} currency={currency} />;
  const share = coverageOf(figures, metric.name);
  const partial = share !== null && share < 1 ? "" : undefined;
  if (of === null) {
    return (
      <span
        class="explained"
        data-cell={cell}
        data-partial={partial}
        tabIndex={cell === undefined ? undefined : tabIndex}
      >
        {figure}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="explained"
      data-cell={cell}
      data-partial={partial}
      tabIndex={tabIndex}
      aria-haspopup="dialog"
      onClick={() => explain(metric.name, of)}
    >
      {figure}
      {partial !== undefined && <span class="visually-hidden"> of a part of the impressions</span>}
    </button>
  );
}
