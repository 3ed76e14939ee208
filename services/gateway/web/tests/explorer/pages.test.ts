import { beforeEach, describe, expect, it, vi } from "vitest";
import { type ListAnswer, PagedList } from "../../src/pages/explorer/pages";

const SIZE = 10;

interface Asked {
  readonly page: number;
  readonly signal: AbortSignal;
  readonly answer: (changes?: Partial<ListAnswer>) => Promise<void>;
  readonly fail: () => Promise<void>;
}

function answerOf(page: number, changes: Partial<ListAnswer>): ListAnswer {
  return {
    total: 95,
    data: Array.from({ length: SIZE }, (_, index) => ({ creative_name: `row ${(page - 1) * SIZE + index}` })),
    totals: {},
    currency: "USD",
    maturity: { status: "final", provisional_from: null },
    data_version: 1,
    ...changes,
  };
}

/** A server whose answers come when the test says so. */
function served(most = 60): { list: PagedList; asked: Asked[]; changed: () => void } {
  const asked: Asked[] = [];
  const changed = vi.fn();
  const list = new PagedList({
    pageSize: SIZE,
    changed,
    most,
    read: (page, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
        asked.push({
          page,
          signal,
          answer: async (changes = {}) => {
            resolve(answerOf(page, changes));
            await Promise.resolve().then(() => undefined).then(() => undefined);
          },
          fail: async () => {
            reject(new Error("broken"));
            await Promise.resolve().then(() => undefined).then(() => undefined);
          },
        });
      }),
  });
  return { list, asked, changed };
}

describe("a paged list", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("asks for the first page at once, whatever is in view", async () => {
    const { list, asked, changed } = served();
    list.want(40, 60);
    expect(asked.map(({ page }) => page)).toEqual([1]);
    await asked[0]?.answer();
    expect(list.total).toBe(95);
    expect(list.rowAt(3)).toEqual({ creative_name: "row 3" });
    expect(list.rowAt(13)).toBeUndefined();
    expect(changed).toHaveBeenCalledOnce();
  });

  it("asks for what stays in view, and not for what is passed by", async () => {
    const { list, asked } = served();
    list.want(0, 9);
    await asked[0]?.answer();
    list.want(20, 29);
    vi.advanceTimersByTime(30);
    list.want(75, 94);
    vi.advanceTimersByTime(30);
    list.want(75, 94);
    vi.advanceTimersByTime(40);
    expect(asked.map(({ page }) => page)).toEqual([1, 8, 9, 10]);
  });

  it("asks at once after a jump: nothing is passed by", async () => {
    const { list, asked } = served();
    list.want(0, 9);
    await asked[0]?.answer();
    vi.advanceTimersByTime(1_000);
    list.want(50, 59);
    expect(asked.map(({ page }) => page)).toEqual([1, 6]);
  });

  it("gives up pages that are scrolled past, and takes no harm from it", async () => {
    const { list, asked, changed } = served();
    list.want(0, 9);
    await asked[0]?.answer();
    list.want(20, 29);
    vi.advanceTimersByTime(100);
    list.want(50, 59);
    expect(asked[1]?.signal.aborted).toBe(true);
    vi.advanceTimersByTime(100);
    await asked[2]?.answer();
    expect(list.error).toBeNull();
    expect(list.rowAt(55)).toEqual({ creative_name: "row 55" });
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it("asks again for a page that was given up", async () => {
    const { list, asked } = served();
    list.want(0, 9);
    await asked[0]?.answer();
    for (const first of [20, 50, 20]) {
      list.want(first, first + 5);
      vi.advanceTimersByTime(100);
    }
    expect(asked.map(({ page }) => page)).toEqual([1, 3, 6, 3]);
  });

  it("does not mix rows of two states of the data", async () => {
    const { list, asked } = served();
    list.want(0, 15);
    await asked[0]?.answer();
    list.want(0, 15);
    list.want(0, 25);
    vi.advanceTimersByTime(100);
    await asked[1]?.answer({ data_version: 2, total: 80 });
    expect(list.total).toBe(80);
    expect(list.rowAt(3)).toBeUndefined();
    expect(list.rowAt(12)).toEqual({ creative_name: "row 12" });
    expect(asked.map(({ page }) => page)).toEqual([1, 2, 3, 1]);
  });

  it("says what failed, stops asking, and tries again when it is told to", async () => {
    const { list, asked } = served();
    list.want(0, 9);
    await asked[0]?.fail();
    expect(list.error).toEqual(new Error("broken"));
    list.want(0, 5);
    expect(asked).toHaveLength(1);
    list.retry();
    await asked[1]?.answer();
    expect([list.error, list.total]).toEqual([null, 95]);
  });

  it("forgets pages that are long out of view", async () => {
    const { list, asked } = served(2);
    for (const [at, first] of [0, 20, 40].entries()) {
      list.want(first, first + 5);
      vi.advanceTimersByTime(100);
      await asked[at]?.answer();
    }
    expect(list.rowAt(1)).toBeUndefined();
    expect(list.rowAt(21)).toBeDefined();
    expect(list.rowAt(41)).toBeDefined();
  });
});
