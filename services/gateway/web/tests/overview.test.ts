import { describe, expect, it } from "vitest";
import { type Freshness, statesOf } from "../src/pages/overview/freshness";
import { sentencesOf } from "../src/pages/overview/settling";
import { type Dashboard } from "../src/pages/overview/state";
import { explorerHref } from "../src/state/links";
import { SCOPE, read } from "../src/state/view";

describe("deliveries", () => {
  it("tell days that are there, may change, are missing, or were never expected", () => {
    const found: Freshness = {
      source: "surfside",
      first_day: "2026-03-02",
      latest_day: "2026-03-05",
      latest_delivery_at: null,
      days_behind: 1,
      settling_days: 2,
      provisional_from: "2026-03-05",
      not_uploaded_from: null,
    missing_days: [{ date: "2026-03-03", reason: "missing_file" }],
    };
    const states = statesOf(found, { start: "2026-03-01", end: "2026-03-06" });
    expect(states).toEqual(["none", "there", "missing", "there", "provisional", "none"]);
  });
});

describe("notes on figures", () => {
  const told = (maturity: object, summary: object): string[] =>
    sentencesOf({ maturity, summary } as unknown as Dashboard);

  it("say what is provisional, unpriced, and not covered", () => {
    const found = told(
      { status: "provisional", provisional_from: "2026-03-05" },
      { unpriced_impressions: 1200, coverage: { roas: 0.834, ctr: 1 } },
    );
    expect(found).toEqual([
      "Figures from Mar 5, 2026 on are provisional: platforms still restate them.",
      "1,200 impressions have no CPM on their day: spend and what follows from it leave them out.",
      "ROAS covers 83.4% of the impressions: the rest has no such figure.",
    ]);
  });

  it("are none where nothing is to be said", () => {
    expect(told({ status: "final" }, { unpriced_impressions: 0, coverage: {} })).toEqual([]);
  });
});

describe("a way into the Explorer", () => {
  it("takes the scope along", () => {
    const scope = read(SCOPE, new URLSearchParams("range=last_7_days&source=vibe"));
    expect(explorerHref(scope, { level: "creative", sort: "conversions" })).toBe(
      "/explorer?range=last_7_days&source=vibe&level=creative&sort=conversions",
    );
    expect(explorerHref(scope, { source: null })).toBe("/explorer?range=last_7_days");
  });
});
