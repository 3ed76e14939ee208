import { describe, expect, it } from "vitest";
import { exportQuery, fileNameOf } from "../../src/pages/explorer/export";
import { possibleColumns } from "../../src/pages/explorer/columns";
import { explainQuery, sortedBy, toggled } from "../../src/pages/explorer/make-sheet";
import { previewOf } from "../../src/pages/explorer/preview";
import { type Question, listAddress } from "../../src/pages/explorer/question";
import { EXPLORER, MOST_OPEN, asLevel, into, narrowedTo, rootLevel } from "../../src/pages/explorer/state";
import { read } from "../../src/state/view";

const A = "aaaaaaaa-0000-4000-8000-000000000001";
const B = "bbbbbbbb-0000-4000-8000-000000000001";
const D = "dddddddd-0000-4000-8000-000000000001";
const NOWHERE = { campaign: null, strategy: null, placement: null };
const SCOPE = { client_id: ["c"], start_date: "2026-03-01", end_date: "2026-03-31" };

function asked(changes: Partial<Question>): Question {
  return { scope: SCOPE, level: "creative", parents: NOWHERE, name: "", sort: "spend", order: "desc", ...changes };
}

function query(question: Question): Record<string, string> {
  return Object.fromEntries(new URL(listAddress(question, 3), "https://x").searchParams);
}

function stateOf(address: string): ReturnType<typeof read<typeof EXPLORER>> {
  return read(EXPLORER, new URLSearchParams(address));
}

describe("the list that is asked for", () => {
  it("is the dashboard's, narrowed to a campaign at most", () => {
    const question = asked({ parents: { ...NOWHERE, campaign: A } });
    expect(listAddress(question, 1)).toContain("/api/v1/dashboard/creatives?");
    expect(query(question)).toMatchObject({ campaign_id: A, sort_by: "spend", order: "desc", page: "3" });
    expect(listAddress(asked({ level: "campaign", parents: { ...NOWHERE, campaign: A } }), 1)).toContain(A);
  });

  it("is the hierarchy's for names and other parents", () => {
    const parents = { campaign: A, strategy: B, placement: D };
    expect(listAddress(asked({ name: " sale " }), 1)).toMatch(/\/api\/v1\/creatives\?.*name=sale&/u);
    expect(query(asked({ parents }))).toMatchObject({ campaign_id: A, strategy_id: B, placement_id: D });
    expect(query(asked({ parents, level: "placement" }))).not.toHaveProperty("placement_id");
    // The campaigns of the hierarchy know no such filter and would refuse it.
    expect(query(asked({ level: "campaign", name: "x" }))).not.toHaveProperty("campaign_id");
  });

  it("is exported as it is seen", () => {
    const columns = possibleColumns("creative", false, { spend: 1 });
    const question = asked({ name: "=1+1", sort: "name", order: "asc", parents: { ...NOWHERE, strategy: B } });
    expect(exportQuery(question, columns)).toMatchObject({
      level: "creative",
      name: "=1+1",
      strategy_id: B,
      placement_id: null,
      columns: ["creative_name", "source", "campaign_name", "strategy_name", "placement_name", "spend"],
      sort_by: "name",
      order: "asc",
    });
  });

  it("is explained as it is: a search by name is not", () => {
    const parents = { ...NOWHERE, campaign: A };
    expect(explainQuery(asked({ parents }), null, "creative")).toEqual({ ...SCOPE, campaign_id: A });
    expect(explainQuery(asked({ name: "x" }), null, "creative")).toBeNull();
    expect(explainQuery(asked({ name: "x" }), { creative_id: D }, "creative")).toEqual({ ...SCOPE, creative_id: D });
  });
});

describe("the state of the Explorer", () => {
  it("begins a tree below what it is narrowed to", () => {
    expect(rootLevel(stateOf(""))).toBe("campaign");
    expect(rootLevel(stateOf(`campaign=${A}`))).toBe("strategy");
    expect(rootLevel(stateOf(`campaign=${A}&placement=${D}`))).toBe("creative");
    expect(rootLevel(stateOf(`level=campaign&campaign=${A}`))).toBe("campaign");
  });

  it("goes into an entity and drops what is below", () => {
    const state = stateOf(`level=placement&campaign=${A}&strategy=${B}&placement=${D}&name=x`);
    expect(into(state, "strategy", B)).toMatchObject({ level: "placement", strategy: B, placement: null, name: "" });
    expect(narrowedTo(state, "campaign", A)).toEqual({ campaign: A, strategy: null, placement: null });
    expect(asLevel(state, "strategy")).toMatchObject({ level: "strategy", strategy: null, placement: null });
  });

  it("keeps open rows that an address can carry", () => {
    const many = Array.from({ length: MOST_OPEN + 5 }, (_, n) => A.slice(0, -3) + String(n).padStart(3, "0"));
    expect(EXPLORER.open.format(many)?.split(",")).toEqual(many.slice(-MOST_OPEN));
    expect(EXPLORER.open.parse(`${A},nonsense,${B},${A}`)).toEqual([A, B]);
    expect(toggled([A], B)).toEqual([A, B]);
    expect(toggled([A, B], A)).toEqual([B]);
  });

  it("sorts the largest first, names from A, and then the other way round", () => {
    expect(sortedBy({ sort: "spend", order: "desc" }, "name")).toEqual({ sort: "name", order: "asc" });
    expect(sortedBy({ sort: "name", order: "asc" }, "ctr")).toEqual({ sort: "ctr", order: "desc" });
    expect(sortedBy({ sort: "ctr", order: "desc" }, "ctr")).toEqual({ order: "asc" });
  });
});

describe("what comes from strangers", () => {
  const unsafe = ["", "javascript:alert(1)", "http://x.example/a.png", "data:image/png,x", "https://a:b@x.example/", "//x"];
  it.each(unsafe)("%s is no preview", (url) => {
    expect(previewOf({ preview_url: url })).toBeNull();
  });

  it("is a picture over https", () => {
    expect(previewOf({ preview_url: "https://x.example/a b.png" })).toBe("https://x.example/a%20b.png");
    expect(previewOf({ preview_url: null })).toBeNull();
  });

  it("names a file as the server does", () => {
    const both = "attachment; filename=\"client_x.csv\"; filename*=UTF-8''M%C3%BCller_x.csv";
    expect(fileNameOf(both, "export.csv")).toBe("Müller_x.csv");
    expect(fileNameOf('attachment; filename="a.csv"', "export.csv")).toBe("a.csv");
    expect(fileNameOf("attachment; filename*=UTF-8''%E0%A4%A", "export.csv")).toBe("export.csv");
    expect(fileNameOf(null, "export.csv")).toBe("export.csv");
  });
});
