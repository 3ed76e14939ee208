/** Until when a new API key is good. */
import { addDays } from "../../state/ranges";

export const EXPIRIES = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
  ["day", "A day of choice"],
  ["never", "Until it is deleted"],
] as const;
export type Expiry = (typeof EXPIRIES)[number][0];

/** As the API takes it; null: for ever. A day that is chosen counts to its end, here. */
export function expiresAt(expiry: Expiry, day: string, now = new Date()): string | null {
  if (expiry === "never") return null;
  if (expiry === "day") return new Date(`${addDays(day, 1)}T00:00:00`).toISOString();
  return new Date(now.getTime() + Number(expiry) * 86_400_000).toISOString();
}
