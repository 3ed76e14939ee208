import { describe, expect, it } from "vitest";
import { type Branch, heightOf, lineAbove, slotAt } from "../../src/pages/explorer/tree";

const NOWHERE = { campaign: null, strategy: null, placement: null };

function branch(name: string, total: number | null, opened: Branch["opened"] = [], failed = false): Branch {
  return {
    level: "campaign",
    depth: 0,
    parents: NOWHERE,
    total,
    failed,
    opened,
    rowAt: (index) => (index < 200 ? { name: `${name}${index}` } : undefined),
  };
}

/** a0, a1 (open: b0, b1 (open: c0)), a2 (open: on its way), a3 */
const TREE = branch("a", 4, [
  [1, branch("b", 2, [[1, branch("c", 1)]])],
  [2, branch("d", null)],
]);

function told(root: Branch): (string | undefined)[] {
  return Array.from({ length: heightOf(root) }, (_, line) => {
    const slot = slotAt(root, line);
    const row = slot?.row as { name: string } | undefined;
    return row === undefined ? slot?.kind : `${row.name}${slot?.isOpen === true ? "+" : ""}`;
  });
}

describe("a tree of rows", () => {
  it("is one list of lines", () => {
    expect(told(TREE)).toEqual(["a0", "a1+", "b0", "b1+", "c0", "a2+", "waiting", "a3"]);
    expect(slotAt(TREE, 8)).toBeUndefined();
    expect(slotAt(TREE, -1)).toBeUndefined();
  });

  it("knows which row a line hangs below", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((line) => lineAbove(TREE, line))).toEqual([-1, -1, 1, 1, 3, -1, 5, -1]);
  });

  it("takes a line to say that there is nothing, or that it failed", () => {
    expect(told(branch("a", 0))).toEqual(["empty"]);
    expect(told(branch("a", null, [], true))).toEqual(["failed"]);
    expect(told(branch("a", null))).toEqual(["waiting"]);
  });

  it("keeps the place of rows that are not here yet", () => {
    const long = branch("a", 50_000, [[3, branch("b", 300)]]);
    expect(heightOf(long)).toBe(50_300);
    expect(slotAt(long, 50_299)).toMatchObject({ kind: "waiting", index: 49_999 });
    expect(slotAt(long, 304)).toMatchObject({ index: 4, row: { name: "a4" } });
    expect(slotAt(long, 303)).toMatchObject({ kind: "waiting", index: 299 });
  });
});
