/** Numbers as the browser's locale writes them. The API has rounded; here digits are only left out for the eye. */
import { type Metric } from "../api/metrics";

/** Instead of a number that is not defined or not measured. */
export const NOTHING = "–";
/** Of ratios: the whole value is in the element's `value`, and in exports. */
const RATIO_DECIMALS = 2;

type Style = "full" | "whole" | "compact";

/** A value of a metric; money in the client's currency. */
export function formatFigure(
  metric: Metric,
  value: number | null | undefined,
  currency: string | null,
  style: Style = "full",
): string {
  if (value === null || value === undefined) return NOTHING;
  const decimals = style === "whole" ? 0 : metric.additive ? metric.decimals : RATIO_DECIMALS;
  return formatter(metric.unit, style === "compact" ? null : decimals, currency).format(
    metric.unit === "percent" ? value / 100 : value,
  );
}

/** A change in percent, with its sign. */
export function formatChange(percent: number | null | undefined): string {
  if (percent === null || percent === undefined) return NOTHING;
  return CHANGE.format(percent / 100);
}

export function formatShare(percent: number | null | undefined): string {
  return percent === null || percent === undefined ? NOTHING : SHARE.format(percent / 100);
}

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : COUNT.format(value);
}

const COUNT = new Intl.NumberFormat();
const SHARE = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const CHANGE = new Intl.NumberFormat(undefined, {
  style: "percent",
  signDisplay: "exceptZero",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

const formatters = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than using it a hundred times. `decimals` null: short, as on an axis. */
function formatter(unit: Metric["unit"], decimals: number | null, currency: string | null): Intl.NumberFormat {
  const key = `${unit} ${decimals ?? "compact"} ${currency ?? ""}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const digits: Intl.NumberFormatOptions =
    decimals === null
      ? { notation: "compact", maximumFractionDigits: unit === "count" ? 1 : 2 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const made = new Intl.NumberFormat(undefined, { ...digits, ...styleOf(unit, currency) });
  formatters.set(key, made);
  return made;
}

function styleOf(unit: Metric["unit"], currency: string | null): Intl.NumberFormatOptions {
  if (unit === "money" && currency !== null) return { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  return unit === "percent" ? { style: "percent" } : {};
}
