/** Ways into the Explorer from other pages: the scope goes along, and what somebody clicked on. */
import { METRICS, type MetricName } from "../api/metrics";
import { type StateOf, id, oneOf } from "./codecs";
import { SCOPE, type Scope, hrefOf } from "./view";

/** The part of the Explorer's state that others set; it has more of its own. */
const INTO_EXPLORER = {
  ...SCOPE,
  level: oneOf(["tree", "campaign", "strategy", "placement", "creative"], "tree"),
  strategy: id,
  placement: id,
  sort: oneOf(["name", ...METRICS.map(({ name }) => name)], "spend"),
} as const;

export type Target = Partial<StateOf<typeof INTO_EXPLORER>>;

export function explorerHref(scope: Scope, target: Target): string {
  return hrefOf("/explorer", INTO_EXPLORER, { ...scope, ...target });
}

export function isMetricName(name: string): name is MetricName {
  return METRICS.some((metric) => metric.name === name);
}
