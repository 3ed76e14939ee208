import { describe, expect, it } from "vitest";
import { integer, oneOf, someOf } from "../src/state/codecs";
import { SCOPE, hrefOf, read } from "../src/state/view";

const CLIENT = "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10";

describe("the state of a view", () => {
  it("is written to an address and read back", () => {
    const standard = read(SCOPE, new URLSearchParams());
    const state = { ...standard, client: CLIENT, source: "vibe", range: "last_7_days" } as const;
    const href = hrefOf("/overview", SCOPE, state);
    expect(href).toBe(`/overview?client=${CLIENT}&range=last_7_days&source=vibe`);
    expect(read(SCOPE, new URL(href, "http://x").searchParams)).toEqual(state);
  });

  it("has defaults for what is not there and for nonsense", () => {
    const state = read(SCOPE, new URLSearchParams("client=<img onerror>&source=elsewhere&compare=never"));
    expect(state).toEqual(read(SCOPE, new URLSearchParams()));
    expect([state.client, state.range, state.source]).toEqual([null, "last_30_days", null]);
  });

  it("may hold lists and numbers", () => {
    const order = oneOf(["asc", "desc"], "asc");
    const codecs = { columns: someOf(["a", "b", "c"], ["a"]), page: integer(1, 1, 99), order };
    expect(read(codecs, new URLSearchParams("columns=c,b,c,x&page=1e9&order=desc"))).toEqual({
      columns: ["c", "b"],
      page: 1,
      order: "desc",
    });
    expect(hrefOf("/x", codecs, { columns: ["a"], page: 3 })).toBe("/x?page=3");
  });
});
