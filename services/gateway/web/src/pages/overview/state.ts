/** What the Overview keeps in its address, and what it asks for. */
import { type Answer } from "../../api/client";
import { METRICS, type MetricName } from "../../api/metrics";
import { type Resource, useResource } from "../../api/resource";
import { type ScopeInUse, type ScopeQuery } from "../../shell/scope";
import { type StateOf, oneOf } from "../../state/codecs";
import { SCOPE, useView } from "../../state/view";

const NAMES = METRICS.map(({ name }) => name);

export const OVERVIEW = {
  ...SCOPE,
  /** Of the trend. */
  metric: oneOf(NAMES, "spend"),
  by: oneOf(["day", "week", "month"], "day"),
  /** What campaigns and creatives are ranked by. */
  rank: oneOf(NAMES, "spend"),
} as const;
export type OverviewState = StateOf<typeof OVERVIEW>;

export type Dashboard = Answer<"/dashboard">;
export type Trends = Answer<"/metrics/trends">;
export type Underperformers = Answer<"/metrics/underperformers">;

export interface Overview {
  readonly state: OverviewState;
  readonly change: (changes: Partial<OverviewState>) => void;
  readonly currency: string | null;
  /** What the figures are of; null until it is known which client is meant. */
  readonly query: ScopeQuery | null;
  readonly dashboard: Resource<Dashboard>;
  readonly trends: Resource<Trends>;
  readonly underperformers: Resource<Underperformers>;
}

const MOST_UNDERPERFORMERS = 5;

/** Three questions, side by side; which metric is looked at asks none of them again. */
export function useOverview(scope: ScopeInUse): Overview {
  const { state, change } = useView(OVERVIEW);
  const { query } = scope;
  const compare = state.compare === "none" ? null : state.compare;
  const dashboard = useResource("/dashboard", query === null ? null : { query });
  const trends = useResource("/metrics/trends", query === null ? null : { query: { ...query, by: state.by, compare } });
  const underperformers = useResource(
    "/metrics/underperformers",
    query === null ? null : { query: { ...query, limit: MOST_UNDERPERFORMERS } },
  );
  const currency = dashboard.data?.currency ?? scope.client?.currency ?? null;
  return { state, change, currency, query, dashboard, trends, underperformers };
}

/** A metric of the address as far as somebody may see it; else spend. */
export function visible(name: MetricName, shown: readonly { readonly name: string }[]): MetricName {
  return shown.some((metric) => metric.name === name) ? name : "spend";
}
