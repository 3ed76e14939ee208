import { describe, expect, it } from "vitest";
import { auditedValues } from "../src/pages/operations/audited";
import { problemOf } from "../src/pages/operations/backfill";
import { pageSizeFor } from "../src/pages/operations/coverage";
import { moved } from "../src/pages/operations/heat-map";
import { amountsIn, measuresOf } from "../src/pages/operations/ledger";
import { restatedIn, whenBoth, whenSaid } from "../src/pages/operations/restated";
import { actionsFor } from "../src/pages/operations/run-actions";
import { reasonOf } from "../src/pages/operations/runs-table";
import { OPERATIONS, hrefTo, onTab } from "../src/pages/operations/state";
import { dayState, duration, fileName, plain, runWord } from "../src/pages/operations/words";
import { read } from "../src/state/view";

const CLIENT = "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10";
const now = new Date(2026, 2, 12, 9, 0); // a Thursday
const ago = (days: number, hours = 0): string => new Date(2026, 2, 12 - days, 9 - hours, 0).toISOString();

describe("restatements in words", () => {
  it("say when as people do", () => {
    expect(whenSaid(ago(0, 3), now)).toBe("today");
    expect(whenSaid(ago(1), now)).toBe("yesterday");
    expect(whenSaid(ago(3), now)).toBe("on Monday");
    expect(whenSaid(ago(7), now)).toMatch(/^on .*2026/u);
    expect(whenBoth(ago(3), ago(0), now)).toEqual({ earlier: "on Monday", later: "today" });
  });

  it("tell moments of one day apart by the time", () => {
    const both = whenBoth(ago(0, 3), ago(0), now);
    expect(both.earlier).toMatch(/^at .*6/u);
    expect(both.later).toMatch(/^today at .*9/u);
    expect(whenBoth(ago(0), ago(0), now)).toEqual({ earlier: "before", later: "today" });
    expect(whenBoth(null, ago(0), now).earlier).toBe("before");
  });

  it("have metrics in their order, and rows last", () => {
    const of = (before: number | null, after: number): object => ({ before, after, change: null });
    const found = restatedIn({ rows: of(1, 2), conversions: of(41, 47), impressions: of(null, 9), odd: "x" });
    expect(found.map(({ name }) => name)).toEqual(["impressions", "conversions", "rows"]);
    expect(found[0]?.before).toBeNull();
    expect(restatedIn(null)).toEqual([]);
  });
});

describe("the state of operations in an address", () => {
  it("is read back as it was written", () => {
    const state = read(OPERATIONS, new URLSearchParams());
    const cell = { client: CLIENT, source: "vibe", date: "2026-03-12" } as const;
    const changes = { ...onTab("runs"), client: CLIENT, from: "2026-03-01", cell, status: "held", page: 3 } as const;
    const address = new URL(hrefTo(state, changes), "http://localhost");
    expect(read(OPERATIONS, address.searchParams)).toEqual({ ...state, ...changes });
  });

  it("is the default where it is nonsense", () => {
    const odd = new URLSearchParams("tab=x&cell=a~b~c&from=2026-02-31x&page=-1&status=success&run=1");
    expect(read(OPERATIONS, odd)).toEqual(read(OPERATIONS, new URLSearchParams()));
    expect(hrefTo(read(OPERATIONS, odd), {})).toBe("/operations");
  });
});

describe("coverage", () => {
  it("has fewer lines on a page where there are many days", () => {
    expect(pageSizeFor({ start: "2026-03-01", end: "2026-03-30" })).toBe(50);
    expect(pageSizeFor({ start: "2025-03-01", end: "2026-03-31" })).toBe(7);
  });

  it("is walked through by arrow keys, and ends at its edges", () => {
    const last = { line: 2, day: 9 };
    expect(moved({ line: 0, day: 0 }, "ArrowLeft", last)).toEqual({ line: 0, day: 0 });
    expect(moved({ line: 0, day: 0 }, "ArrowDown", last)).toEqual({ line: 1, day: 0 });
    expect(moved({ line: 1, day: 4 }, "End", last)).toEqual({ line: 1, day: 9 });
    expect(moved({ line: 1, day: 4 }, "PageDown", last)).toEqual({ line: 2, day: 4 });
    expect(moved({ line: 1, day: 4 }, "Tab", last)).toBeNull();
  });

  it("shows a state that it does not know as none", () => expect(dayState("new")).toBe("not_expected"));
});

describe("runs", () => {
  it("can be acted on as their status allows", () => {
    const artifact = { key: "x" };
    expect(actionsFor({ status: "held", artifact })).toEqual(["confirm", "reload", "resolve"]);
    expect(actionsFor({ status: "loaded", artifact })).toEqual(["reload", "undo", "resolve"]);
    expect(actionsFor({ status: "missing_file", artifact: {} })).toEqual(["resolve"]);
    expect(actionsFor({ status: "partial", artifact: null })).toEqual(["undo", "resolve"]);
  });

  it("say why: the error, the first warning, or what was rejected", () => {
    const run = { error: null, warnings: [], rows_read: 50_000, rows_rejected: 0 };
    expect(reasonOf({ ...run, error: "no" })).toBe("no");
    expect(reasonOf({ ...run, warnings: [{ code: "late", message: "It is late" }] })).toBe("It is late");
    expect(reasonOf({ ...run, rows_rejected: 2 })).toMatch(/^2 of .* rows were rejected$/u);
    expect(reasonOf(run)).toBe("–");
  });

  it("have money of the ledger from millionths, and nothing for what was not measured", () => {
    const amounts = amountsIn({ rows: 2, media_cost_micros: 512_250_000, clicks: null });
    expect(amounts).toEqual({ rows: 2, media_cost: 512.25 });
    const entry = { date: "", account: "", kind: "load", at: null, before: { rows: 0 }, after: { clicks: 1, rows: 2 } };
    expect(measuresOf([entry]).map(({ label }) => label)).toEqual(["Rows", "Clicks"]);
  });

  it("are told in words", () => {
    expect(duration("2026-03-12T04:00:00Z", "2026-03-12T04:02:05Z")).toBe("2 min 5 s");
    expect(duration("2026-03-12T04:00:00Z", "2026-03-12T04:00:01.26Z")).toBe("1.3 s");
    expect(duration(null, null)).toBeNull();
    expect(fileName({ bucket: "b", key: "surfside/2026/report.csv" })).toBe("report.csv");
    expect(fileName(null)).toBeNull();
    expect(plain("file.missing")).toBe("File missing");
    expect(runWord("something_new").text).toBe("Something new");
  });
});

describe("the audit log", () => {
  it("shows what changed, and leaves out what did not", () => {
    expect(auditedValues({ name: "a", role: "client" }, { name: "b", role: "client", tags: ["x"] })).toEqual([
      { field: "name", before: "a", after: "b" },
      { field: "tags", before: undefined, after: '["x"]' },
    ]);
    expect(auditedValues(null, null)).toEqual([]);
    expect(auditedValues(null, "plain")).toEqual([{ field: "value", before: undefined, after: "plain" }]);
  });
});

describe("a backfill", () => {
  it("needs a client and both days in order", () => {
    expect(problemOf({ client: null, from: null, to: null })).toContain("client");
    expect(problemOf({ client: CLIENT, from: "2026-03-02", to: null })).toContain("both");
    expect(problemOf({ client: CLIENT, from: "2026-03-02", to: "2026-03-01" })).toContain("before");
    expect(problemOf({ client: CLIENT, from: "2026-03-01", to: "2026-03-01" })).toBeNull();
  });
});
