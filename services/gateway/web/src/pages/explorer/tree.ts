/** Rows that open in place, as one long list: which row stands where. */
import { type Row } from "./pages";
import { type Level, type Parents } from "./state";

/** Some rows of a level, and what is open among them. */
export interface Branch {
  readonly level: Level;
  readonly depth: number;
  readonly parents: Parents;
  /** Null: not known yet. */
  readonly total: number | null;
  readonly failed: boolean;
  readonly rowAt: (index: number) => Row | undefined;
  /** Open rows by place, upwards. Rows that are not here yet count as closed. */
  readonly opened: readonly (readonly [index: number, below: Branch])[];
}

export interface Slot {
  readonly branch: Branch;
  /** Within its branch. */
  readonly index: number;
  readonly kind: "row" | "waiting" | "failed" | "empty";
  readonly row: Row | undefined;
  readonly isOpen: boolean;
}

/** How many lines a branch takes; one that is on its way, failed or empty takes one that says so. */
export function heightOf(branch: Branch): number {
  if (branch.total === null || branch.total === 0) return 1;
  return branch.opened.reduce((sum, [, below]) => sum + heightOf(below), branch.total);
}

/** What stands on a line; undefined: there are not so many. */
export function slotAt(branch: Branch, line: number): Slot | undefined {
  if (line < 0 || line >= heightOf(branch)) return undefined;
  if (branch.total === null) return notice(branch, branch.failed ? "failed" : "waiting");
  if (branch.total === 0) return notice(branch, "empty");
  let before = 0;
  for (const [index, below] of branch.opened) {
    const own = index + before;
    if (line <= own) return slot(branch, line - before, line === own);
    const height = heightOf(below);
    if (line <= own + height) return slotAt(below, line - own - 1);
    before += height;
  }
  return slot(branch, line - before, false);
}

/** The line above that the row of a line hangs below; -1: it hangs below nothing. */
export function lineAbove(branch: Branch, line: number): number {
  let before = 0;
  for (const [index, below] of branch.opened) {
    const own = index + before;
    const height = heightOf(below);
    if (line > own && line <= own + height) {
      const deeper = lineAbove(below, line - own - 1);
      return deeper === -1 ? own : own + 1 + deeper;
    }
    before += height;
  }
  return -1;
}

function slot(branch: Branch, index: number, isOpen: boolean): Slot {
  const row = branch.rowAt(index);
  return { branch, index, row, isOpen, kind: row === undefined ? "waiting" : "row" };
}

function notice(branch: Branch, kind: Slot["kind"]): Slot {
  return { branch, index: 0, kind, row: undefined, isOpen: false };
}
