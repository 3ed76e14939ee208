/** Account days and moments as the browser's locale writes them. */
import { type Days } from "../state/ranges";

const FULL = day({ dateStyle: "medium" });
const SHORT = day({ day: "numeric", month: "short" });
const WEEKDAY = day({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const MONTH = day({ month: "long", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A day is the account's own and has no time: it must not move with the reader's time zone. */
function day(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" });
}

export function formatDay(iso: string | null): string {
  return iso === null ? "–" : FULL.format(new Date(iso));
}

export function formatShortDay(iso: string): string {
  return SHORT.format(new Date(iso));
}

export function formatWeekday(iso: string): string {
  return WEEKDAY.format(new Date(iso));
}

/** Of YYYY-MM. */
export function formatMonth(month: string): string {
  return MONTH.format(new Date(`${month}-01`));
}

export function formatRange({ start, end }: Days): string {
  return FULL.formatRange(new Date(start), new Date(end));
}

/** A moment in the reader's own time zone. */
export function formatMoment(iso: string | null): string {
  return iso === null ? "–" : MOMENT.format(new Date(iso));
}

/** “3 hours ago”. */
export function formatAge(iso: string, now = Date.now()): string {
  const minutes = Math.round((Date.parse(iso) - now) / 60_000);
  if (Math.abs(minutes) < 60) return RELATIVE.format(minutes, "minute");
  if (Math.abs(minutes) < 36 * 60) return RELATIVE.format(Math.round(minutes / 60), "hour");
  return RELATIVE.format(Math.round(minutes / (24 * 60)), "day");
}

/** Monday to Sunday, short. */
export const WEEKDAYS: readonly string[] = Array.from({ length: 7 }, (_, index) =>
  day({ weekday: "short" }).format(new Date(Date.UTC(2024, 0, 1 + index))),
);
