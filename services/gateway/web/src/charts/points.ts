/** The points of a trend, of one metric, as a chart and a table draw them. */
import { figureOf, textOf } from "../api/figures";

export type PointStatus = "ok" | "provisional" | "no_data";

export interface TrendPoint {
  readonly date: string;
  readonly endDate: string;
  readonly status: PointStatus;
  readonly reason: string | null;
  readonly value: number | null;
  readonly compareValue: number | null;
  readonly compareDate: string | null;
  /** In percent. */
  readonly change: number | null;
}

export function pointsOf(points: readonly object[], metric: string): TrendPoint[] {
  return points.map((point) => {
    const compare = (point as { readonly compare?: object | null }).compare ?? null;
    return {
      date: textOf(point, "date"),
      endDate: textOf(point, "end_date"),
      status: statusOf(textOf(point, "status")),
      reason: textOf(point, "reason") || null,
      value: figureOf(point, metric) ?? null,
      compareValue: compare === null ? null : (figureOf(compare, metric) ?? null),
      compareDate: compare === null ? null : textOf(compare, "date"),
      change: figureOf(point, `${metric}_delta_pct`) ?? null,
    };
  });
}

/**
 * The course as two lines: what is final, and what may still change. The second begins with the last point of the
 * first, so that they meet; where nothing is there both have gaps.
 */
export function splitByStatus(points: readonly TrendPoint[]): Record<"final" | "provisional", (number | null)[]> {
  const isProvisional = (index: number): boolean => points[index]?.status === "provisional";
  return {
    final: points.map((point) => (point.status === "provisional" ? null : point.value)),
    provisional: points.map(({ value }, index) => (isProvisional(index) || isProvisional(index + 1) ? value : null)),
  };
}

/** Whether a value stands between gaps: a line alone would not show it. */
export function isAlone(values: readonly (number | null)[], index: number): boolean {
  return values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

/** Stretches of days without data, by the index of their first and last point. */
export function gapsOf(points: readonly TrendPoint[]): (readonly [first: number, last: number])[] {
  const gaps: (readonly [number, number])[] = [];
  points.forEach(({ status }, index) => {
    if (status !== "no_data") return;
    const last = gaps.at(-1);
    if (last?.[1] === index - 1) gaps[gaps.length - 1] = [last[0], index];
    else gaps.push([index, index]);
  });
  return gaps;
}

function statusOf(text: string): PointStatus {
  return text === "provisional" || text === "no_data" ? text : "ok";
}
