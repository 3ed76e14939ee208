import { describe, expect, it } from "vitest";
import {
  type Rate,
  axisOf,
  lastDayOf,
  placeOf,
  spansOf,
  standingOf,
  ticksOf,
} from "../src/pages/administration/timeline";

const GENERAL: Rate = { id: "a", source: null, cpm: 5, from: "2026-01-01" };
const RAISED: Rate = { id: "b", source: null, cpm: 6, from: "2026-03-01" };
const VIBE: Rate = { id: "c", source: "vibe", cpm: 7.5, from: "2026-02-01" };
const RATES = [RAISED, VIBE, GENERAL]; // as the API gives them: the newest first

describe("CPMs over time", () => {
  it("follow each other", () => {
    expect(spansOf(RATES, null)).toEqual([
      { rate: GENERAL, start: "2026-01-01", end: "2026-02-28" },
      { rate: RAISED, start: "2026-03-01", end: null },
    ]);
  });

  it("are the general ones for a source until its own begins, and never again", () => {
    expect(spansOf(RATES, "vibe")).toEqual([
      { rate: GENERAL, start: "2026-01-01", end: "2026-01-31" },
      { rate: VIBE, start: "2026-02-01", end: null },
    ]);
    expect(spansOf(RATES, "surfside").map(({ rate }) => rate)).toEqual([GENERAL, RAISED]);
  });

  it("give way to the source's own on the same day", () => {
    const same: Rate = { ...VIBE, from: "2026-01-01" };
    expect(spansOf([GENERAL, same], "vibe")).toEqual([{ rate: same, start: "2026-01-01", end: null }]);
  });

  it("are past, in force or to come by the account's day", () => {
    expect(lastDayOf(RATES, GENERAL)).toBe("2026-02-28");
    expect(lastDayOf(RATES, VIBE)).toBeNull();
    expect(standingOf(RATES, GENERAL, "2026-02-28")).toBe("in force");
    expect(standingOf(RATES, GENERAL, "2026-03-01")).toBe("past");
    expect(standingOf(RATES, RAISED, "2026-02-28")).toBe("to come");
  });
});

describe("the axis", () => {
  it("begins with the first CPM and goes beyond the last, or today", () => {
    expect(axisOf(RATES, "2026-04-10")).toEqual({ start: "2026-01-01", end: "2026-04-24" });
    expect(axisOf(RATES, "2026-01-05").end > "2026-03-01").toBe(true);
    expect(axisOf([], "2026-01-05")).toEqual({ start: "2026-01-05", end: "2026-01-19" });
  });

  it("keeps what is now readable where the first CPM is of long ago", () => {
    const axis = axisOf([{ ...GENERAL, from: "1999-01-01" }, RAISED], "2026-04-10");
    expect(axis.start > "2023-01-01").toBe(true);
    expect(placeOf(axis, "1999-01-01")).toBe(0);
    expect(placeOf(axis, "2099-01-01")).toBe(1);
  });

  it("has no more ticks than can be read", () => {
    expect(ticksOf({ start: "2026-01-01", end: "2026-04-24" })).toEqual([
      "2026-01-01",
      "2026-02-01",
      "2026-03-01",
      "2026-04-01",
    ]);
    expect(ticksOf({ start: "2023-04-11", end: "2026-07-30" }).length).toBeLessThanOrEqual(8);
  });
});
