import { type JSX } from "preact";
import { type Figures } from "../../api/figures";
import { type Metric } from "../../api/metrics";
import { Explained } from "../../explain/explained";
import { type ExplainQuery } from "../../explain/question";
import { type Overview } from "./state";

interface ValueProps {
  readonly overview: Overview;
  readonly metric: Metric;
  readonly figures: Figures;
  /** What of the question alone it is of: one source, campaign or creative, or some of the days. */
  readonly of?: Partial<ExplainQuery>;
  readonly size?: "full" | "tile";
}

/** A number of the Overview, which explains itself when it is pressed. */
export function Value({ overview, metric, figures, of = {}, size = "full" }: ValueProps): JSX.Element {
  const { query, currency } = overview;
  const question = query === null ? null : { ...query, ...of };
  return <Explained metric={metric} figures={figures} currency={currency} of={question} size={size} />;
}
