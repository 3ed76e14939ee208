import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { reachable } from "../src/api/client";
import { type Resource, forgetAll, invalidate, useResource } from "../src/api/resource";
import { beginSession, endSession } from "../src/api/session";

let root: HTMLElement;
let seen: Resource<unknown>;
const asked: string[] = [];
let answer: (address: string, signal: AbortSignal) => Promise<Response>;

function Probe({ campaign }: { readonly campaign: string }): null {
  seen = useResource("/campaigns/{campaign_id}", { at: { campaign_id: campaign } });
  return null;
}

const show = (...campaigns: readonly string[]): void =>
  void act(() =>
    render(
      campaigns.map((campaign, index) => <Probe key={index} campaign={campaign} />),
      root,
    ),
  );
const ok = (address: string): Promise<Response> => Promise.resolve(new Response(JSON.stringify({ from: address })));

beforeEach(() => {
  root = document.createElement("div");
  asked.length = 0;
  answer = ok;
  reachable.value = true;
  beginSession("a@b.example", { access_token: "a", refresh_token: "r", expires_in: 1800, must_change_password: false });
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    asked.push(address);
    return answer(address, init.signal ?? AbortSignal.abort());
  });
});
afterEach(() => {
  render(null, root);
  forgetAll();
  endSession();
});

it("asks once for all who want the same", async () => {
  show("1", "1", "1");
  await vi.waitFor(() => expect(seen.data).toEqual({ from: "/api/v1/campaigns/1" }));
  expect(asked).toHaveLength(1);
});

it("keeps the old answer, as stale, until the new one is there", async () => {
  show("1");
  await vi.waitFor(() => expect(seen.loading).toBe(false));
  show("2");
  expect([seen.data, seen.stale]).toEqual([{ from: "/api/v1/campaigns/1" }, true]);
  await vi.waitFor(() => expect([seen.data, seen.stale]).toEqual([{ from: "/api/v1/campaigns/2" }, false]));
  show("1");
  expect([seen.data, seen.stale]).toEqual([{ from: "/api/v1/campaigns/1" }, false]);
  expect(asked).toHaveLength(2);
});

it("gives up a question that nobody asks any more", async () => {
  const signals: AbortSignal[] = [];
  answer = (_, signal) => {
    signals.push(signal);
    return new Promise((__, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
  };
  show("1");
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  answer = ok;
  show("2");
  await vi.waitFor(() => expect(seen.data).toEqual({ from: "/api/v1/campaigns/2" }));
  expect([signals[0]?.aborted, seen.error]).toEqual([true, null]);
});

it("shows what it has while the server is away, and asks again after a change", async () => {
  show("1");
  await vi.waitFor(() => expect(seen.loading).toBe(false));
  answer = () => Promise.reject(new TypeError("failed to fetch"));
  void act(() => invalidate("/campaigns"));
  await vi.waitFor(() => expect(reachable.value).toBe(false));
  expect([seen.data, seen.error]).toEqual([{ from: "/api/v1/campaigns/1" }, null]);
  answer = ok;
  void act(() => invalidate());
  await vi.waitFor(() => expect(asked).toHaveLength(3));
});
