/** The rows of the table: lists that are read page by page, put together to what is seen. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { readAddress } from "../../api/client";
import { textOf } from "../../api/figures";
import { refreshes } from "../../api/resource";
import { type ListAnswer, PagedList } from "./pages";
import { PAGE_SIZE, type Question, listAddress } from "./question";
import { levelBelow, narrowedTo } from "./state";
import { type Branch, type Slot } from "./tree";

/** A list of this age is read again when somebody comes back to it. */
const FRESH_MS = 60_000;
const MOST_LISTS = 80;

export interface Rows {
  readonly root: Branch;
  /** What the API says of all rows; of the question before, while the next one is under way. */
  readonly head: ListAnswer | null;
  readonly first: PagedList["first"];
  readonly error: unknown;
  readonly stale: boolean;
  /** Why some rows are not there, among others that are. */
  readonly gap: unknown;
  /** Tells which lines are in view. */
  readonly want: (slots: readonly Slot[]) => void;
  readonly errorOf: (branch: Branch) => unknown;
  readonly retry: (branch?: Branch) => void;
}

/** The rows that answer a question, with those below the open ones. */
export function useRows(question: Question, isTree: boolean, open: readonly string[]): Rows {
  const [version, again] = useState(0);
  const lists = useMemo(() => new Lists(() => again((before) => before + 1)), []);
  const key = keyOf(question);
  const shown = useRef(question);
  useEffect(() => () => lists.rest(), []);
  useMemo(() => lists.forget(), [refreshes.value]);
  useMemo(() => lists.refresh(question), [key]);
  const asked = lists.of(question);
  const isThere = asked.head !== null || asked.error !== null || lists.of(shown.current).head === null;
  if (isThere) shown.current = question;
  // Before it is painted: the question should be on its way by then.
  useLayoutEffect(() => {
    if (!isThere) asked.want(0, 0);
  }, [asked, isThere]);
  const root = useMemo(
    () => lists.branch(shown.current, 0, new Set(isTree ? open : [])),
    [keyOf(shown.current), isTree, open.join(), version, refreshes.value],
  );
  const list = lists.of(shown.current);
  return {
    root,
    head: list.head,
    first: list.first,
    error: list.head === null ? list.error : null,
    stale: !isThere,
    gap: list.head === null ? null : (lists.broken()[0]?.error ?? null),
    want: (slots) => isThere && lists.want(slots),
    errorOf: (branch) => lists.behind(branch)?.error ?? null,
    retry: (branch) => {
      const broken = branch === undefined ? lists.broken() : [lists.behind(branch)];
      for (const each of broken) each?.retry();
    },
  };
}

class Lists {
  private readonly known = new Map<string, { readonly list: PagedList; readonly since: number }>();
  private readonly branches = new WeakMap<Branch, PagedList>();

  constructor(private readonly changed: () => void) {}

  of(question: Question): PagedList {
    const key = keyOf(question);
    const found = this.known.get(key);
    const entry = found ?? { list: this.make(question), since: Date.now() };
    if (found === undefined) this.known.set(key, entry);
    const oldest = this.known.keys().next().value;
    if (this.known.size > MOST_LISTS && oldest !== undefined) {
      this.known.get(oldest)?.list.rest();
      this.known.delete(oldest);
    }
    return entry.list;
  }

  /** Before a list is shown again: what is old, or failed, is read anew. */
  refresh(question: Question): void {
    const key = keyOf(question);
    const entry = this.known.get(key);
    if (entry === undefined) return;
    if (entry.list.error !== null || Date.now() - entry.since > FRESH_MS) this.known.delete(key);
  }

  forget(): void {
    this.rest();
    this.known.clear();
  }

  rest(): void {
    for (const { list } of this.known.values()) list.rest();
  }

  branch(question: Question, depth: number, open: ReadonlySet<string>): Branch {
    const list = this.of(question);
    const branch: Branch = {
      level: question.level,
      depth,
      parents: question.parents,
      total: list.total,
      failed: list.error !== null,
      rowAt: (index) => list.rowAt(index),
      opened: open.size === 0 ? [] : this.opened(list, question, depth, open),
    };
    this.branches.set(branch, list);
    return branch;
  }

  behind(branch: Branch): PagedList | undefined {
    return this.branches.get(branch);
  }

  /** Those in view of which a part could not be read. */
  broken(): readonly PagedList[] {
    return [...this.known.values()].map(({ list }) => list).filter((list) => list.isWanted && list.error !== null);
  }

  want(slots: readonly Slot[]): void {
    const ranges = new Map<PagedList, [number, number]>();
    for (const { branch, index } of slots) {
      const list = this.branches.get(branch);
      if (list === undefined) continue;
      const [first, last] = ranges.get(list) ?? [index, index];
      ranges.set(list, [Math.min(first, index), Math.max(last, index)]);
    }
    for (const { list } of this.known.values()) {
      const range = ranges.get(list);
      if (range === undefined) list.rest();
      else list.want(...range);
    }
  }

  private opened(list: PagedList, question: Question, depth: number, open: ReadonlySet<string>): Branch["opened"] {
    const { level, parents } = question;
    const below = levelBelow(level);
    if (below === null) return [];
    const found: [number, Branch][] = [];
    for (const [index, row] of list.rows()) {
      const id = textOf(row, `${level}_id`);
      if (!open.has(id)) continue;
      const inner = { ...question, level: below, parents: narrowedTo(parents, level, id), name: "" };
      found.push([index, this.branch(inner, depth + 1, open)]);
    }
    return found.sort(([one], [other]) => one - other);
  }

  private make(question: Question): PagedList {
    return new PagedList({
      pageSize: PAGE_SIZE,
      changed: this.changed,
      read: async (page, signal) => (await readAddress(listAddress(question, page), signal)) as ListAnswer,
    });
  }
}

function keyOf(question: Question): string {
  return listAddress(question, 1);
}
