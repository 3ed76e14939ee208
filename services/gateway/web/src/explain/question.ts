/** Which number is explained; one at a time, for the whole page. */
import { signal } from "@preact/signals";
import { type MetricName } from "../api/metrics";
import { type ScopeQuery } from "../shell/scope";

/** What a number is of: the scope, or one entity in it. */
export interface ExplainQuery extends ScopeQuery {
  readonly strategy_id?: string;
  readonly placement_id?: string;
  readonly creative_id?: string;
}

export interface ExplainQuestion {
  readonly metric: MetricName;
  readonly query: ExplainQuery;
}

export const explained = signal<ExplainQuestion | null>(null);

/** Opens the explanation of a number, over the page. */
export function explain(metric: MetricName, query: ExplainQuery): void {
  explained.value = { metric, query };
}

export function closeExplanation(): void {
  explained.value = null;
}
