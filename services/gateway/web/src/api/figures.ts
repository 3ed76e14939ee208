/** Figures of an answer: what somebody may not see is not there, what was not measured is null. */
import { METRICS, type Metric, type MetricName } from "./metrics";

/** Any part of an answer that carries figures: totals, a row, a point. */
export type Figures = object;

/** Undefined: not for this person; null: not defined or not measured. */
export function figureOf(figures: Figures | null | undefined, name: string): number | null | undefined {
  const value = (figures as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return value === null || typeof value === "number" ? value : undefined;
}

export function textOf(figures: object, name: string): string {
  const value = (figures as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : "";
}

/** The metrics that an answer carries, in the order in which people read them. */
export function metricsIn(figures: Figures | null | undefined): Metric[] {
  return METRICS.filter((metric) => figureOf(figures, metric.name) !== undefined);
}

export function metricOf(name: MetricName): Metric {
  return METRICS.find((metric) => metric.name === name) ?? METRICS[0];
}

/** What share of the impressions a ratio covers, from 0 to 1; null: nothing was left out. */
export function coverageOf(figures: Figures, name: string): number | null {
  const coverage = (figures as { readonly coverage?: Readonly<Record<string, unknown>> | null }).coverage;
  const value = coverage?.[name];
  return typeof value === "number" ? value : null;
}

/** Why no change is told, in a sentence. */
export function deltaReason(figures: Figures, name: string): string | null {
  const reasons = (figures as { readonly delta_reasons?: Readonly<Record<string, unknown>> | null }).delta_reasons;
  const reason = reasons?.[name];
  return typeof reason === "string" ? (DELTA_REASONS[reason] ?? reason.replaceAll("_", " ")) : null;
}

const DELTA_REASONS: Readonly<Record<string, string>> = {
  no_previous_period: "Nothing is there for the period before.",
  previous_period_partial: "Deliveries began within the period before.",
  not_measured: "It was not measured, or is not defined.",
  previous_not_measured: "It was not measured, or not defined, in the period before.",
  previous_is_zero: "It was zero in the period before.",
};

const NO_DATA_REASONS: Readonly<Record<string, string>> = {
  not_over_yet: "the day is not over yet",
  delivered_without_rows: "delivered, without rows",
  before_first_delivery: "before the first delivery",
  not_delivered: "not delivered",
  missing_file: "the file is missing",
  failed: "its run failed",
  held: "its run is held until somebody confirms it",
};

/** Why a day has no figures. */
export function noDataReason(reason: string | null): string {
  return reason === null ? "" : (NO_DATA_REASONS[reason] ?? reason.replaceAll("_", " "));
}
