import { describe, expect, it } from "vitest";
import { metricOf } from "../src/api/figures";
import { formatChange, formatFigure } from "../src/format/numbers";
import { pathOf } from "../src/components/sparkline";

describe("numbers", () => {
  it("are written in the client's currency", () => {
    expect(formatFigure(metricOf("spend"), 6562.5, "USD")).toBe("$6,562.50");
    expect(formatFigure(metricOf("spend"), 6562.5, "EUR")).toBe("€6,562.50");
    expect(formatFigure(metricOf("impressions"), 1250000, "USD")).toBe("1,250,000");
  });

  it("are percentages as the API gives them", () => {
    expect(formatFigure(metricOf("ctr"), 0.3448, "USD")).toBe("0.34%");
    expect(formatChange(-5.65)).toBe("-5.7%");
    expect(formatChange(0)).toBe("0.0%");
  });

  it("that are not there are not zero", () => {
    expect(formatFigure(metricOf("clicks"), null, "USD")).toBe("–");
    expect(formatChange(null)).toBe("–");
  });

  it("of any size keep their cents", () => {
    expect(formatFigure(metricOf("spend"), 1234567890123.45, "USD")).toBe("$1,234,567,890,123.45");
  });
});

describe("a sparkline", () => {
  it("leaves gaps where nothing was measured", () => {
    expect(pathOf([1, 2, null, 2], true).match(/M/gu)).toHaveLength(2);
    expect(pathOf([], false)).toBe("");
  });

  it("draws sums from zero, ratios from their smallest", () => {
    expect(pathOf([10, 20], true)).toBe("M0.0 12.0L110.0 2.0");
    expect(pathOf([10, 20], false)).toBe("M0.0 22.0L110.0 2.0");
  });
});
