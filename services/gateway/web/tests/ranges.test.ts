import { describe, expect, it } from "vitest";
import { weeksOf } from "../src/components/calendar";
import { addMonths, countDays, daysOf, range, todayIn } from "../src/state/ranges";

describe("ranges", () => {
  it("ends presets with the last complete day", () => {
    expect(daysOf("last_7_days", "2026-03-10")).toEqual({ start: "2026-03-03", end: "2026-03-09" });
    expect(countDays(daysOf("last_30_days", "2026-03-10"))).toBe(30);
    expect(daysOf("last_month", "2026-03-31")).toEqual({ start: "2026-02-01", end: "2026-02-28" });
    expect(daysOf("this_week", "2026-03-11")).toEqual({ start: "2026-03-09", end: "2026-03-10" });
  });

  it("is the first day itself where nothing of a period is complete", () => {
    expect(daysOf("this_month", "2026-03-01")).toEqual({ start: "2026-03-01", end: "2026-03-01" });
    expect(daysOf("this_week", "2026-03-09")).toEqual({ start: "2026-03-09", end: "2026-03-09" });
  });

  it("is written to an address and read back", () => {
    for (const choice of ["last_7_days", { start: "2026-01-01", end: "2026-02-01" }] as const) {
      expect(range.parse(range.format(choice))).toEqual(choice);
    }
    expect(range.format("last_30_days")).toBeNull();
  });

  const nonsense = ["tomorrow", "2026-02-30x..2026-03-01", "2026-03-02..2026-03-01", "..", "toString"];
  it.each(nonsense)("reads %s as the default", (text) => {
    expect(range.parse(text)).toBe("last_30_days");
  });

  it("knows the day in the account's time zone", () => {
    const night = new Date("2026-03-10T03:00:00Z");
    expect(todayIn("America/New_York", night)).toBe("2026-03-09");
    expect(todayIn("Asia/Tokyo", night)).toBe("2026-03-10");
    expect(todayIn("no such zone", night)).toBe("2026-03-10");
  });

  it("draws a month from Monday on", () => {
    const days = weeksOf("2026-03"); // the 1st is a Sunday
    expect(days.slice(0, 7)).toEqual([null, null, null, null, null, null, "2026-03-01"]);
    expect(days.at(-1)).toBe("2026-03-31");
    expect(addMonths("2026-12", 1)).toBe("2027-01");
  });
});
