import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { type Action, useAction } from "../src/api/action";
import { ApiError, Unreachable } from "../src/api/errors";

/** Runs a change once for each answer; returns the keys that it was sent with. */
async function keysOf(answers: readonly (Error | null)[]): Promise<{ keys: string[]; last: Action | undefined }> {
  const keys: string[] = [];
  const seen: Action[] = [];
  let next: Error | null = null;
  function Changing(): null {
    const action = useAction((key) => {
      keys.push(key);
      return next === null ? Promise.resolve() : Promise.reject(next);
    });
    seen.push(action);
    return null;
  }
  const root = document.createElement("div");
  await act(() => render(<Changing />, root));
  for (const answer of answers) {
    next = answer;
    await act(async () => seen.at(-1)?.run());
  }
  return { keys, last: seen.at(-1) };
}

describe("a change", () => {
  it("keeps its key while nobody knows whether it was heard", async () => {
    const { keys, last } = await keysOf([new Unreachable(), new Unreachable(), null]);
    expect(new Set(keys).size).toBe(1);
    expect(last?.error).toBeNull();
    expect(last?.busy).toBe(false);
  });

  it("gets another key once it was done or refused", async () => {
    const refused = new ApiError(422, "VALIDATION_ERROR", "cpm: is wrong");
    const { keys, last } = await keysOf([null, refused, refused]);
    expect(new Set(keys).size).toBe(3);
    expect(last?.error).toBe(refused);
  });
});
