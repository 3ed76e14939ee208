import { describe, expect, it } from "vitest";
import { type Preview, type Upload } from "../src/pages/uploads/api";
import { controlTotals, difference, metricChanges, spanOf, totalChanges } from "../src/pages/uploads/changes";
import { begin, next, percentSent, problemOf, type Event, type Flow } from "../src/pages/uploads/steps";
import { formatSize, meaningOf, stateOf } from "../src/pages/uploads/words";
import { cellsOf } from "../src/components/rejected-rows";
import { namesIn } from "../src/pages/uploads/refusal";

const file = new File(["a"], "October.csv");
const preview = { would_be: "loaded" } as Preview;
const refused = { would_be: "refused" } as Preview;
const through = (...events: Event[]): Flow => events.reduce(next, begin());

describe("the steps of an upload", () => {
  it("go from a file over a look to the word to load it", () => {
    const upload = { upload_id: "1" } as Upload;
    const flow = through(
      { kind: "file", file },
      { kind: "look" },
      { kind: "looked", preview },
      { kind: "confirm" },
      { kind: "accepted", upload },
    );
    expect(flow.step).toEqual({ at: "accepted", upload });
  });

  it("never load what was looked at with other choices, or another file", () => {
    const looked = through({ kind: "file", file }, { kind: "look" }, { kind: "looked", preview });
    expect(next(looked, { kind: "wanted", changes: { onDuplicate: "replace" } }).step.at).toBe("choosing");
    expect(next(looked, { kind: "file", file: new File(["b"], "b.csv") }).step.at).toBe("choosing");
    const changed = next(looked, { kind: "wanted", changes: { client: "c" } });
    expect(next(changed, { kind: "confirm" }).step.at).toBe("choosing");
    expect(next(changed, { kind: "looked", preview }).step.at).toBe("choosing");
  });

  it("never load what would be refused", () => {
    const looked = through({ kind: "file", file }, { kind: "look" }, { kind: "looked", preview: refused });
    expect(next(looked, { kind: "confirm" })).toBe(looked);
  });

  it("go back to where somebody stood when something failed", () => {
    const error = new Error("no");
    const sending = through({ kind: "file", file }, { kind: "look" }, { kind: "looked", preview }, { kind: "confirm" });
    expect(next(sending, { kind: "failed", error })).toMatchObject({ step: { at: "looked", preview }, error });
    expect(next(sending, { kind: "stop" })).toMatchObject({ step: { at: "looked" }, error: null });
    expect(next(through({ kind: "look" }), { kind: "failed", error }).step.at).toBe("choosing");
  });

  it("keep the client for the next file", () => {
    const flow = through({ kind: "wanted", changes: { client: "c", onDuplicate: "merge" } }, { kind: "again" });
    expect(flow.wanted).toMatchObject({ client: "c", onDuplicate: "reject" });
  });

  it("know files that cannot be it", () => {
    expect(problemOf({ name: "October.XLSX", size: 1 })).toBeNull();
    expect(problemOf({ name: "October.pdf", size: 1 })).toContain(".csv");
    expect(problemOf({ name: "October.csv", size: 0 })).toContain("empty");
  });

  it("await the answer when all bytes have left", () => {
    expect(percentSent(5, 10)).toBe(50);
    expect(percentSent(10, 10)).toBeNull();
    expect(percentSent(0, 0)).toBeNull();
  });
});

describe("what a look says", () => {
  it("has rows first, then the metrics that somebody may see", () => {
    const changes = totalChanges({
      before: { clicks: 3, rows: 1, impressions: null },
      after: { clicks: 5, rows: 4, impressions: 10 },
    });
    expect(changes.map(({ name, difference: by }) => [name, by])).toEqual([
      ["rows", 3],
      ["impressions", null],
      ["clicks", 2],
    ]);
  });

  it("has no binary noise in money", () => {
    expect(difference(0.1, 0.3)).toBe(0.2);
    expect(difference(1_849.5, 1_849.5)).toBe(0);
  });

  it("tells the numbers of a row in order, and the days as a span", () => {
    const row = { date: "", campaign: "", strategy: "", placement: "", creative: "" };
    const metrics = { clicks: { before: 3, after: 5 }, impressions: { before: 1, after: 2 } };
    expect(metricChanges({ ...row, metrics }).map(({ metric }) => metric.name)).toEqual(["impressions", "clicks"]);
    const dates = [
      { date: "2026-10-03", rows: 1 },
      { date: "2026-10-01", rows: 1 },
    ];
    expect(spanOf(dates)).toEqual({ start: "2026-10-01", end: "2026-10-03", count: 2 });
    expect(spanOf([])).toBeNull();
  });

  it("takes of the file's total row what is a number, money from millionths", () => {
    const said = controlTotals({ impressions: 10, media_cost_micros: 1_500_000, note: "x" });
    expect(said.map(({ name, said: value }) => [name, value])).toEqual([
      ["impressions", 10],
      ["media_cost", 1.5],
    ]);
  });
});

describe("words about uploads", () => {
  it("are of the run where it says more", () => {
    expect(stateOf({ status: "processing", run_status: "held" })).toMatchObject({ text: "Held", kind: "warning" });
    expect(stateOf({ status: "completed", run_status: "loaded" })).toMatchObject({ text: "Loaded", kind: "good" });
    expect(stateOf({ status: "failed", run_status: "failed" }).kind).toBe("bad");
    expect(stateOf({ status: "pending", run_status: null }).text).toBe("Waiting");
    expect(meaningOf({ status: "processing", run_status: "held" })).toContain("administrator");
  });

  it("write sizes", () => {
    expect(formatSize(0)).toBe("0 bytes");
    expect(formatSize(48_211)).toBe("48.2 kB");
    expect(formatSize(52_428_800)).toBe("52.4 MB");
  });

  it("show rejected cells as text, whatever they are", () => {
    expect(cellsOf(["=1+1", null, 3])).toBe("=1+1 │  │ 3");
    expect(cellsOf({ Day: "x", Clicks: -5 })).toBe("Day: x │ Clicks: -5");
    expect(cellsOf(undefined)).toBe("");
    expect(namesIn(["Day", 3])).toEqual(["Day"]);
    expect(namesIn("Day")).toEqual([]);
  });
});
