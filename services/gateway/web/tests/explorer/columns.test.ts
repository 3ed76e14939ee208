import { describe, expect, it } from "vitest";
import {
  barOf,
  barScales,
  chosenColumns,
  movedColumn,
  possibleColumns,
  toggledColumn,
} from "../../src/pages/explorer/columns";

const ALL = { impressions: 10, clicks: 1, spend: 5, media_cost: 2, margin: 3, ctr: 10 };
const CLIENT = { impressions: 10, clicks: null, spend: 5 };

function names(columns: readonly { name: string }[]): string[] {
  return columns.map(({ name }) => name);
}

describe("columns", () => {
  it("are what the API returns, and the names above a flat list", () => {
    expect(names(possibleColumns("creative", true, ALL))).toEqual([
      "impressions", "clicks", "spend", "media_cost", "margin", "ctr",
    ]);
    expect(names(possibleColumns("placement", false, CLIENT))).toEqual([
      "source", "campaign_name", "strategy_name", "impressions", "clicks", "spend",
    ]);
  });

  it("stand in the order in which they were put, without what somebody may not see", () => {
    const possible = possibleColumns("campaign", true, CLIENT);
    expect(names(chosenColumns(["spend", "media_cost", "impressions"], possible))).toEqual(["spend", "impressions"]);
  });

  it("move past what is not shown", () => {
    const possible = possibleColumns("campaign", true, CLIENT);
    const chosen = ["spend", "media_cost", "impressions"] as const;
    expect(movedColumn(chosen, "impressions", -1, possible)).toEqual(["impressions", "media_cost", "spend"]);
    expect(movedColumn(chosen, "spend", -1, possible)).toEqual(chosen);
  });

  it("come and go, but for the last one", () => {
    expect(toggledColumn(["spend"], "ctr")).toEqual(["spend", "ctr"]);
    expect(toggledColumn(["spend", "ctr"], "spend")).toEqual(["ctr"]);
    expect(toggledColumn(["ctr"], "ctr")).toEqual(["ctr"]);
  });
});

describe("bars", () => {
  const first = [{ spend: 50, clicks: 3, margin: -5 }, { spend: 20, clicks: 9, margin: -1 }];

  it("are measured by the largest value where it is known", () => {
    expect([...barScales(first, 2, "name", "asc")]).toEqual([["clicks", 9], ["spend", 50]]);
    expect([...barScales(first, 9_000, "spend", "desc")]).toEqual([["spend", 50]]);
    expect([...barScales(first, 9_000, "spend", "asc")]).toEqual([]);
  });

  it("are shares of it", () => {
    const scales = barScales(first, 2, "spend", "desc");
    expect(barOf(scales, { spend: 25 }, "spend")).toBe(0.5);
    expect(barOf(scales, { spend: 500 }, "spend")).toBe(1);
    expect([null, 0, -4].map((spend) => barOf(scales, { spend }, "spend"))).toEqual([null, null, null]);
    expect(barOf(scales, { margin: 4 }, "margin")).toBeNull();
  });
});
