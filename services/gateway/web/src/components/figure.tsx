import { type JSX } from "preact";
import { type Metric } from "../api/metrics";
import { NOTHING, formatChange, formatFigure } from "../format/numbers";

interface FigureProps {
  readonly metric: Metric;
  readonly value: number | null | undefined;
  readonly currency: string | null;
  /** In a tile millions of money are told without cents. */
  readonly size?: "full" | "tile";
}

const CENTS_MATTER_BELOW = 100_000;

/** A number as people read it; its element carries the exact value of the API. */
export function Figure({ metric, value, currency, size = "full" }: FigureProps): JSX.Element {
  if (value === null || value === undefined) return <span title="Not measured, or not defined">{NOTHING}</span>;
  const isLarge = size === "tile" && metric.unit === "money" && Math.abs(value) >= CENTS_MATTER_BELOW;
  return (
    <data value={String(value)} title={isLarge || !metric.additive ? String(value) : undefined}>
      {formatFigure(metric, value, currency, isLarge ? "whole" : "full")}
    </data>
  );
}

/** More of these is worse; of what was bought, more is neither good nor bad. */
const LESS_IS_BETTER = ["cpc", "cpa", "cpm"];
const NEITHER = ["impressions", "spend", "media_cost"];

interface ChangeProps {
  readonly metric: Metric;
  readonly percent: number | null | undefined;
  /** Why there is none. */
  readonly reason?: string | null;
}

export function Change({ metric, percent, reason = null }: ChangeProps): JSX.Element {
  if (percent === null || percent === undefined) {
    return (
      <span data-change="plain" title={reason ?? undefined}>
        {NOTHING}
        {reason !== null && <span class="visually-hidden"> {reason}</span>}
      </span>
    );
  }
  const arrow = percent > 0 ? "▲" : percent < 0 ? "▼" : "";
  return (
    <data value={String(percent)} data-change={judged(metric, percent)}>
      <span aria-hidden="true">{arrow} </span>
      {formatChange(percent)}
    </data>
  );
}

function judged(metric: Metric, percent: number): "good" | "bad" | "plain" {
  if (percent === 0 || NEITHER.includes(metric.name)) return "plain";
  return percent > 0 === LESS_IS_BETTER.includes(metric.name) ? "bad" : "good";
}
