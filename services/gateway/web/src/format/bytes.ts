/** Sizes of files as the browser's locale writes them. */
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const options: Intl.NumberFormatOptions = {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power < 2 ? 0 : 1,
  };
  return new Intl.NumberFormat(undefined, options).format(bytes / 1000 ** power);
}
