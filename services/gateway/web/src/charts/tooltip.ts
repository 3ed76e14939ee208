/** What stands beside the pointer: built from text nodes, so that nothing in it can be markup. */
import { noDataReason } from "../api/figures";
import { type Metric } from "../api/metrics";
import { formatRange, formatShortDay } from "../format/dates";
import { formatChange, formatFigure } from "../format/numbers";
import { type TrendPoint } from "./points";

export function tooltipOf(
  point: TrendPoint | undefined,
  metric: Metric,
  currency: string | null,
  hasComparison: boolean,
): HTMLElement | string {
  if (point === undefined) return "";
  const lines = [
    line("strong", formatRange({ start: point.date, end: point.endDate })),
    line("div", `${metric.label}: ${formatFigure(metric, point.value, currency)}`),
  ];
  if (point.status === "provisional") lines.push(line("div", "Provisional: it may still change"));
  if (point.status === "no_data") lines.push(line("div", `No data: ${noDataReason(point.reason)}`));
  if (hasComparison && point.compareDate !== null) {
    const compared = formatFigure(metric, point.compareValue, currency);
    lines.push(line("div", `${formatShortDay(point.compareDate)}: ${compared} (${formatChange(point.change)})`));
  }
  const box = document.createElement("div");
  box.append(...lines);
  return box;
}

function line(tag: "div" | "strong", text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
