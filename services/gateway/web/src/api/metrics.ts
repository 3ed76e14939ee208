// Made from libs/metrics/registry.py by `make generate`. Do not edit.

export interface Metric {
  readonly name: string;
  readonly label: string;
  readonly unit: "count" | "money" | "percent" | "ratio";
  /** As shown; the API has rounded already. */
  readonly decimals: number;
  /** Whether values of parts may be added up. */
  readonly additive: boolean;
  readonly formula: string;
}

/** In the order in which people read them. Which of them somebody may see is what the API returns. */
export const METRICS = [
  { name: "impressions", label: "Impressions", unit: "count", decimals: 0, additive: true, formula: "sum of impressions" },
  { name: "clicks", label: "Clicks", unit: "count", decimals: 0, additive: true, formula: "sum of clicks" },
  { name: "conversions", label: "Conversions", unit: "count", decimals: 0, additive: true, formula: "sum of conversions" },
  { name: "conversion_revenue", label: "Conversion revenue", unit: "money", decimals: 2, additive: true, formula: "sum of conversion revenue" },
  { name: "spend", label: "Spend", unit: "money", decimals: 2, additive: true, formula: "impressions × CPM ÷ 1000, by the rate of each day" },
  { name: "media_cost", label: "Media cost", unit: "money", decimals: 2, additive: true, formula: "sum of media cost" },
  { name: "margin", label: "Margin", unit: "money", decimals: 2, additive: true, formula: "spend − media cost" },
  { name: "video_completions", label: "Video completions", unit: "count", decimals: 0, additive: true, formula: "sum of video completions" },
  { name: "ctr", label: "CTR", unit: "percent", decimals: 6, additive: false, formula: "clicks ÷ impressions × 100" },
  { name: "cpc", label: "CPC", unit: "money", decimals: 4, additive: false, formula: "spend ÷ clicks" },
  { name: "cpa", label: "CPA", unit: "money", decimals: 4, additive: false, formula: "spend ÷ conversions" },
  { name: "cpm", label: "CPM", unit: "money", decimals: 4, additive: false, formula: "spend ÷ impressions × 1000" },
  { name: "roas", label: "ROAS", unit: "percent", decimals: 4, additive: false, formula: "conversion revenue ÷ spend × 100" },
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]["name"];
