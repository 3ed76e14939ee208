/** Ranges of account days: presets that move with the calendar, and fixed ones. Both days belong to a range. */
import { type Codec, isDay } from "./codecs";

export const PRESETS = {
  yesterday: "Yesterday",
  last_7_days: "Last 7 days",
  last_14_days: "Last 14 days",
  last_30_days: "Last 30 days",
  last_90_days: "Last 90 days",
  this_week: "This week",
  last_week: "Last week",
  this_month: "This month",
  last_month: "Last month",
  this_year: "This year",
} as const;
export type Preset = keyof typeof PRESETS;

export interface Days {
  readonly start: string;
  readonly end: string;
}

export type RangeChoice = Preset | Days;
/** What the API answers row by row. */
export const MOST_DAYS = 400;
const STANDARD: Preset = "last_30_days";
const DAY_MS = 86_400_000;

export const range: Codec<RangeChoice> = {
  parse: (text) => {
    if (text !== null && Object.hasOwn(PRESETS, text)) return text as Preset;
    const [start, end] = (text ?? "").split("..");
    return isDay(start) && isDay(end) && start <= end ? { start, end } : STANDARD;
  },
  format: (choice) => {
    if (typeof choice === "string") return choice === STANDARD ? null : choice;
    return `${choice.start}..${choice.end}`;
  },
};

/** The days that a choice means. `today`: in the account's time zone; it is not over, so no preset ends with it. */
export function daysOf(choice: RangeChoice, today: string): Days {
  if (typeof choice !== "string") return choice;
  const yesterday = addDays(today, -1);
  const back = (days: number): Days => ({ start: addDays(today, -days), end: yesterday });
  switch (choice) {
    case "yesterday":
      return back(1);
    case "last_7_days":
      return back(7);
    case "last_14_days":
      return back(14);
    case "last_30_days":
      return back(30);
    case "last_90_days":
      return back(90);
    case "this_week":
      return until(mondayOf(today), yesterday);
    case "last_week":
      return { start: addDays(mondayOf(today), -7), end: addDays(mondayOf(today), -1) };
    case "this_month":
      return until(`${today.slice(0, 7)}-01`, yesterday);
    case "last_month": {
      const end = addDays(`${today.slice(0, 7)}-01`, -1);
      return { start: `${end.slice(0, 7)}-01`, end };
    }
    case "this_year":
      return until(`${today.slice(0, 4)}-01-01`, yesterday);
  }
}

/** The day that it is somewhere, as YYYY-MM-DD. */
export function todayIn(timeZone: string, now = new Date()): string {
  const options: Intl.DateTimeFormatOptions = { timeZone, year: "numeric", month: "2-digit", day: "2-digit" };
  // Canadian English writes ISO dates.
  try {
    return new Intl.DateTimeFormat("en-CA", options).format(now);
  } catch {
    return now.toISOString().slice(0, 10);
  }
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

export function countDays({ start, end }: Days): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS) + 1;
}

/** Weeks are ISO weeks. */
export function mondayOf(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

/** On the first day of a period nothing of it is complete; then it is that day. */
function until(start: string, end: string): Days {
  return { start, end: end < start ? start : end };
}
