/** CPMs as people read them. */
import { NOTHING } from "../../format/numbers";

const formatters = new Map<string, Intl.NumberFormat>();

/** Two decimals, or as many as it has: at most four. */
export function formatCpm(cpm: number | null | undefined, currency: string | null): string {
  if (cpm === null || cpm === undefined) return NOTHING;
  return formatter(currency).format(cpm);
}

function formatter(currency: string | null): Intl.NumberFormat {
  const key = currency ?? "";
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const style: Intl.NumberFormatOptions =
    currency === null ? {} : { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  const made = new Intl.NumberFormat(undefined, { ...style, minimumFractionDigits: 2, maximumFractionDigits: 4 });
  formatters.set(key, made);
  return made;
}
