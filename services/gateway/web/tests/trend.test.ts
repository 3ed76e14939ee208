import { describe, expect, it } from "vitest";
import { metricOf } from "../src/api/figures";
import { gapsOf, isAlone, pointsOf, splitByStatus } from "../src/charts/points";
import { tooltipOf } from "../src/charts/tooltip";

const point = (day: number, status: string, spend: number | null, more = {}): object => {
  const date = `2026-03-0${day}`;
  return { date, end_date: date, status, reason: status === "no_data" ? "missing_file" : null, spend, ...more };
};

const COURSE = [
  point(1, "ok", 10),
  point(2, "no_data", null),
  point(3, "no_data", null),
  point(4, "ok", 12),
  point(5, "provisional", 13),
  point(6, "no_data", null),
];

describe("a trend", () => {
  const points = pointsOf(COURSE, "spend");

  it("draws what may still change apart, and joins it to what is final", () => {
    expect(splitByStatus(points)).toEqual({
      final: [10, null, null, 12, null, null],
      provisional: [null, null, null, 12, 13, null],
    });
  });

  it("has gaps where nothing is there, never zeros", () => {
    expect(gapsOf(points)).toEqual([
      [1, 2],
      [5, 5],
    ]);
  });

  it("shows a value between gaps", () => {
    expect([10, null, 12, 13].map((_, index, values) => isAlone(values, index))).toEqual([true, false, false, false]);
  });

  it("has no figure that somebody may not see", () => {
    expect(pointsOf(COURSE, "margin")[0]?.value).toBeNull();
  });

  it("says beside the pointer why there is none, and what it is compared with", () => {
    const [compared] = pointsOf(
      [point(1, "ok", 10, { spend_delta_pct: 25, compare: { date: "2025-03-01", spend: 8 } })],
      "spend",
    );
    const box = tooltipOf(compared, metricOf("spend"), "USD", true) as HTMLElement;
    expect(box.textContent).toContain("$8.00 (+25.0%)");
    const gap = tooltipOf(points[1], metricOf("spend"), "USD", false) as HTMLElement;
    expect(gap.textContent).toContain("the file is missing");
  });
});
