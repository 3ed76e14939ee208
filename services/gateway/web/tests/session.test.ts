import { beforeEach, describe, expect, it, vi } from "vitest";
import { request } from "../src/api/client";
import { type ApiError, Unreachable } from "../src/api/errors";
import { type Tokens, beginSession, endSession, expired, markSpent, session } from "../src/api/session";

const tokens = (name: string, expiresIn = 1800): Tokens => ({
  access_token: `access ${name}`,
  refresh_token: `refresh ${name}`,
  expires_in: expiresIn,
  must_change_password: false,
});

/** What the API does with each request: by path, and by the access token that it is asked with. */
type Answering = (path: string, token: string, init: RequestInit) => Response | Promise<Response>;

function api(answer: Answering): ReturnType<typeof vi.fn> {
  const fake = vi.fn((address: string, init: RequestInit) => {
    const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    return Promise.resolve(answer(address.replace("/api/v1", ""), token, init));
  });
  vi.stubGlobal("fetch", fake);
  return fake;
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const refused = (): Response => json({ detail: "Sign in again.", error_code: "UNAUTHENTICATED" }, 401);

beforeEach(() => {
  endSession();
  localStorage.clear();
});

describe("a session", () => {
  it("is renewed once for all requests that need it", async () => {
    beginSession("a@b.example", tokens("one"));
    const fake = api((path, token) => {
      if (path === "/auth/refresh") return json(tokens("two"));
      return token === "access two" ? json({ id: "me" }) : refused();
    });
    await Promise.all([request("get", "/auth/me"), request("get", "/auth/me"), request("get", "/auth/me")]);
    expect(fake.mock.calls.filter(([address]) => address === "/api/v1/auth/refresh")).toHaveLength(1);
    expect(session.value?.generation).toBe(1);
  });

  it("is renewed before it ends, without a refused request", async () => {
    beginSession("a@b.example", tokens("one", 5));
    const asked: string[] = [];
    api((path, token) => {
      asked.push(`${path} ${token}`);
      return path === "/auth/refresh" ? json(tokens("two")) : json({});
    });
    await request("get", "/auth/me");
    expect(asked).toEqual(["/auth/refresh ", "/auth/me access two"]);
  });

  it("that cannot be renewed asks for the password, and goes on where it was", async () => {
    beginSession("a@b.example", tokens("one"));
    api((path, token) => (path !== "/auth/refresh" && token === "access new" ? json({ id: "me" }) : refused()));
    const answer = request("get", "/auth/me");
    await vi.waitFor(() => expect(expired.value).toBe(true));
    expect(session.value).not.toBeNull();
    beginSession("a@b.example", tokens("new"));
    expect(await answer).toEqual({ id: "me" });
    expect(expired.value).toBe(false);
  });

  it("whose refresh token was used by a tab that is gone is not renewed with it again", async () => {
    beginSession("a@b.example", tokens("one"));
    if (session.value !== null) markSpent(session.value);
    const fake = api(() => refused());
    void request("get", "/auth/me").catch(() => undefined);
    await vi.waitFor(() => expect(expired.value).toBe(true), { timeout: 4000 });
    expect(fake.mock.calls.map(([address]) => address as string)).not.toContain("/api/v1/auth/refresh");
  });

  it("survives a reload in this tab alone", () => {
    beginSession("a@b.example", tokens("one"));
    expect(sessionStorage.getItem("tidemark.session")).toContain("refresh one");
    const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
    const kept = names.map((name) => localStorage.getItem(name));
    expect(kept.join(" ")).not.toContain("refresh");
    endSession();
    expect(sessionStorage.getItem("tidemark.session")).toBeNull();
  });
});

describe("a request", () => {
  it("that nobody waits for any more ends, also while the password is asked for", async () => {
    beginSession("a@b.example", tokens("one"));
    api(() => refused());
    const controller = new AbortController();
    const answer = request("get", "/auth/me", { signal: controller.signal });
    await vi.waitFor(() => expect(expired.value).toBe(true));
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  });

  it("tells what the API says, with its correlation id", async () => {
    beginSession("a@b.example", tokens("one"));
    api(() => json({ detail: "No such client.", error_code: "NOT_FOUND", correlation_id: "abc" }, 404));
    const error = (await request("get", "/auth/me").catch((failure: unknown) => failure)) as ApiError;
    expect([error.message, error.code, error.correlationId]).toEqual(["No such client.", "NOT_FOUND", "abc"]);
  });

  it("understands an error of a proxy, and a server that is away", async () => {
    beginSession("a@b.example", tokens("one"));
    api(() => new Response("<html>Bad gateway</html>", { status: 502 }));
    await expect(request("get", "/auth/me")).rejects.toThrow("status 502");
    api(() => Promise.reject(new TypeError("failed to fetch")));
    await expect(request("get", "/auth/me")).rejects.toBeInstanceOf(Unreachable);
  });
});
