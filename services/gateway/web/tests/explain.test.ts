import { describe, expect, it } from "vitest";
import { finality, formatExact, restatementsOf, termOf, whyNothing } from "../src/explain/parts";

const SPEND = { name: "spend", value: 6562.5 };
const NONE = { name: "conversions", value: 0 };

describe("an explanation", () => {
  it("shows every digit of a number", () => {
    expect(formatExact("money", 30.955188679245, "USD")).toContain("30.955188679245");
    expect(formatExact("money", 5, "USD")).toContain("5.00");
    expect(formatExact("percent", 0.3448, null)).toBe("0.3448 %");
    expect(formatExact(null, null, null)).toBe("–");
  });

  it("says why there is no number", () => {
    const apart = { value: null, numerator: SPEND, minus: null, denominator: NONE };
    expect(whyNothing(apart)).toBe("Not defined: conversions are zero.");
    expect(whyNothing({ ...apart, denominator: { name: "clicks", value: null } })).toContain("not measured");
    expect(whyNothing({ ...apart, numerator: { name: "spend", value: null } })).toContain("unpriced is not zero");
    expect(whyNothing({ ...apart, value: 3 })).toBeNull();
  });

  it("says whether it may still move", () => {
    expect(finality({ status: "final", provisional_from: null }).isFinal).toBe(true);
    const open = finality({ status: "provisional", provisional_from: "2026-03-18" });
    expect(open.isFinal).toBe(false);
    expect(open.sentence).toContain("2026");
  });

  it("tells restatements of the measures that are in the number", () => {
    const changes = { spend: { before: 41, after: 47, change: 6 }, clicks: { before: 1, after: 2, change: 1 } };
    const row = { id: 7, changed_at: null, date: "2026-03-02", source: "vibe", kind: "load", file: null, changes };
    expect(restatementsOf([row, "nonsense"], [SPEND])).toEqual([
      {
        id: "7", changedAt: null, date: "2026-03-02", source: "vibe", kind: "load", file: null,
        changes: [{ name: "spend", before: 41, after: 47 }],
      },
    ]);
    expect([termOf(null), termOf({ name: "clicks", value: null })]).toEqual([null, { name: "clicks", value: null }]);
  });
});
