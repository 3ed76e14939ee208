/** A number taken apart: what the API says of it, in the words and digits of people. */
import { type Answer } from "../api/client";
import { metricOf } from "../api/figures";
import { METRICS, type Metric, type MetricName } from "../api/metrics";
import { isRecord } from "../api/errors";
import { formatDay } from "../format/dates";
import { NOTHING } from "../format/numbers";

export type Explanation = Answer<"/metrics/explain">;

/** As many as the API computes. */
const EXACT_DECIMALS = 12;

export interface Term {
  readonly name: string;
  readonly value: number | null;
}

export function termOf(found: unknown): Term | null {
  if (!isRecord(found) || typeof found.name !== "string") return null;
  return { name: found.name, value: typeof found.value === "number" ? found.value : null };
}

/** What a term sums; a measure that is no metric of its own by the API's name. */
export function termMetric(name: string): Metric | null {
  return METRICS.find((metric) => metric.name === name) ?? null;
}

export function termLabel(name: string): string {
  return termMetric(name)?.label ?? name.replaceAll("_", " ");
}

/** With every digit that the API gives. */
export function formatExact(unit: Metric["unit"] | null, value: number | null, currency: string | null): string {
  if (value === null) return NOTHING;
  const money: Intl.NumberFormatOptions =
    unit === "money" && currency !== null
      ? { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2 }
      : {};
  const text = new Intl.NumberFormat(undefined, { ...money, maximumFractionDigits: EXACT_DECIMALS }).format(value);
  // Not by the style for percent, which would shift the digits.
  return unit === "percent" ? `${text} %` : text;
}

interface Maturity {
  readonly status: string | null;
  readonly provisional_from: string | null;
}

/** Whether the number may still move. */
export function finality({ status, provisional_from }: Maturity): { isFinal: boolean; sentence: string } {
  if (status === "final") {
    return { isFinal: true, sentence: "Final: no source restates these days any more as a matter of course." };
  }
  return {
    isFinal: false,
    sentence: `Provisional: sources may still restate the days from ${formatDay(provisional_from)} on.`,
  };
}

interface Apart {
  readonly value: number | null;
  readonly numerator: Term | null;
  readonly minus: Term | null;
  readonly denominator: Term | null;
}

/** Why there is no number; null: there is one. */
export function whyNothing({ value, numerator, minus, denominator }: Apart): string | null {
  if (value !== null) return null;
  for (const term of [numerator, minus, denominator]) {
    if (term?.value === null) {
      return term.name === "spend"
        ? "There is no CPM for these days, so there is no spend: unpriced is not zero."
        : `${termLabel(term.name)} were not measured: the source does not report them.`;
    }
  }
  if (denominator?.value === 0) return `Not defined: ${termLabel(denominator.name).toLowerCase()} are zero.`;
  return "It was not measured, or is not defined.";
}

export interface Restatement {
  readonly id: string;
  readonly changedAt: string | null;
  readonly date: string | null;
  readonly source: string;
  readonly kind: string;
  readonly file: string | null;
  readonly changes: readonly { readonly name: string; readonly before: number | null; readonly after: number | null }[];
}

/** Restatements as the API lists them, with the changes of the measures that are in the number. */
export function restatementsOf(found: readonly unknown[], terms: readonly Term[]): readonly Restatement[] {
  return found.filter(isRecord).map((row) => ({
    id: String(row.id as string | number),
    changedAt: textIn(row, "changed_at"),
    date: textIn(row, "date"),
    source: textIn(row, "source") ?? "",
    kind: textIn(row, "kind") ?? "",
    file: isRecord(row.file) ? textIn(row.file, "name") : null,
    changes: changesOf(row.changes, terms),
  }));
}

function changesOf(found: unknown, terms: readonly Term[]): Restatement["changes"] {
  if (!isRecord(found)) return [];
  return terms.flatMap(({ name }) => {
    const change = found[name];
    return isRecord(change) ? [{ name, before: numberIn(change, "before"), after: numberIn(change, "after") }] : [];
  });
}

const KINDS: Readonly<Record<string, string>> = {
  load: "a later delivery",
  undo: "an undo",
  repricing: "another CPM",
  deletion: "a deletion",
};

export function restatedBy(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** The title of a dialog: a metric that the page does not know has no explanation to be opened from. */
export function titleOf(name: MetricName): string {
  return metricOf(name).label;
}

function textIn(record: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = record[name];
  return typeof value === "string" ? value : null;
}

function numberIn(record: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = record[name];
  return typeof value === "number" ? value : null;
}
