/** Requests to the API, typed by its OpenAPI document, with the session's access token. */
import { effect, signal } from "@preact/signals";
import { Unreachable, errorOf, isAborted } from "./errors";
import { type paths } from "./schema";
import {
  type Session,
  type Tokens,
  expired,
  isSpent,
  markSpent,
  mustChangePassword,
  renewSession,
  session,
  unmarkSpent,
  until,
} from "./session";

export const BASE = "/api/v1";
/** Renewed this long before the end: clocks differ a little, and requests take a while. */
const RENEW_EARLY_MS = 20_000;
const WAIT_FOR_RENEWAL_MS = 2_000;

export type Method = "get" | "post" | "put" | "patch" | "delete";
type Known = keyof paths extends infer P ? (P extends `/api/v1${infer R}` ? R : never) : never;
type Operation<P extends string, M extends Method> = `/api/v1${P}` extends keyof paths
  ? paths[`/api/v1${P}`][M]
  : never;
/** Paths that answer to a method. */
export type PathOf<M extends Method> = {
  [P in Known]: Operation<P, M> extends undefined ? never : P;
}[Known];

/** What a good answer looks like. */
export type Answer<P extends string, M extends Method = "get"> =
  Operation<P, M> extends { responses: infer R }
    ? R[keyof R & (200 | 201 | 202)] extends { content: { "application/json": infer Body } }
      ? Body
      : unknown
    : never;
export type Query<P extends string, M extends Method = "get"> =
  Operation<P, M> extends { parameters: { query?: infer Q } } ? NonNullable<Q> : Record<string, never>;
export type Body<P extends string, M extends Method> =
  Operation<P, M> extends { requestBody?: { content: { "application/json": infer B } } } ? B : never;

export interface Options<P extends string, M extends Method> {
  /** Values of the `{…}` in the path. */
  readonly at?: Readonly<Record<string, string>>;
  readonly query?: Query<P, M>;
  readonly body?: Body<P, M> | FormData;
  readonly signal?: AbortSignal | undefined;
  /** So that a request that is repeated starts its work once. */
  readonly idempotencyKey?: string;
}

/** Whether the last request reached the server; the browser's own idea of being online is often wrong. */
export const reachable = signal(true);

export async function request<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  options: Options<P, M> = {},
): Promise<Answer<P, M>> {
  const answer = await send(method, addressOf(path, options), options);
  return (await answer.json()) as Answer<P, M>;
}

/** Reads an address whose type the caller knows. */
export async function readAddress(address: string, signal: AbortSignal): Promise<unknown> {
  return (await send("get", address, { signal })).json();
}

/** As nobody: what signs somebody in. A refusal is the answer, not the end of a session. */
export async function requestPublic<P extends PathOf<"post">>(path: P, body: unknown): Promise<Answer<P, "post">> {
  const answer = await attempt("post", addressOf(path, {}), { body }, null);
  if (!answer.ok) throw await errorOf(answer);
  return (await answer.json()) as Answer<P, "post">;
}

/** The same, for an answer that is a file. */
export async function download<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  options: Options<P, M> = {},
): Promise<Response> {
  return send(method, addressOf(path, options), options);
}

/** The address of a request: also the key under which its answer is cached. */
export function addressOf(
  path: string,
  options: { readonly at?: Readonly<Record<string, string>>; readonly query?: object },
): string {
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(options.at?.[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {}) as [string, unknown][]) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") query.append(name, String(each));
    }
  }
  return `${BASE}${filled}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

export interface Sent {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly idempotencyKey?: string;
}

/** Sends it; for addresses that the caller puts together (addressOf). */
export async function send(method: Method, address: string, sent: Sent = {}): Promise<Response> {
  return signed((used) => attempt(method, address, sent, used), sent.signal);
}

/** Does it as whoever is signed in; where the session ran out, waits until the password was given again. */
export async function signed(
  attempting: (used: Session | null) => Promise<Response>,
  signal?: AbortSignal,
): Promise<Response> {
  let used = await current(signal);
  let answer = await attempting(used);
  while (answer.status === 401) {
    used = await replaced(used, signal);
    answer = await attempting(used);
  }
  if (answer.ok) return answer;
  const error = await errorOf(answer);
  if (error.code === "PASSWORD_CHANGE_REQUIRED") mustChangePassword();
  throw error;
}

async function attempt(method: Method, address: string, sent: Sent, used: Session | null): Promise<Response> {
  const headers = new Headers();
  if (used !== null) headers.set("Authorization", `Bearer ${used.accessToken}`);
  if (sent.idempotencyKey !== undefined) headers.set("Idempotency-Key", sent.idempotencyKey);
  const isForm = sent.body instanceof FormData;
  if (sent.body !== undefined && !isForm) headers.set("Content-Type", "application/json");
  const body = isForm ? (sent.body) : sent.body === undefined ? null : JSON.stringify(sent.body);
  return reach(address, { method: method.toUpperCase(), headers, body, signal: sent.signal ?? null });
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(address, init);
    reachable.value = true;
    return answer;
  } catch (error) {
    if (isAborted(error)) throw error;
    reachable.value = false;
    throw new Unreachable();
  }
}

async function current(signal: AbortSignal | undefined): Promise<Session | null> {
  const known = session.value;
  if (known === null || Date.now() < known.expiresAt - RENEW_EARLY_MS) return known;
  return replaced(known, signal);
}

/** A session that is newer than the one that was refused. Waits for the password where there is no other way. */
async function replaced(refused: Session | null, signal: AbortSignal | undefined): Promise<Session> {
  const known = session.value;
  if (known !== null && known !== refused && !expired.value) return known;
  if (refused !== null && !expired.value) {
    const next = await renewed();
    if (next !== null) return next;
  }
  expired.value = true;
  return newSession(signal);
}

/** Resolves when somebody signed in again. */
function newSession(signal: AbortSignal | undefined): Promise<Session> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const leave = (): void => {
      stop();
      reject(new DOMException("Nobody waits for this any more.", "AbortError"));
    };
    stop = effect(() => {
      if (session.value === null || expired.value) return;
      signal?.removeEventListener("abort", leave);
      queueMicrotask(() => stop());
      resolve(session.value);
    });
    signal?.addEventListener("abort", leave, { once: true });
  });
}

let renewing: Promise<Session | null> | null = null;

/** One renewal at a time: here for all callers, and over all tabs by a lock. Null: the session cannot be renewed. */
function renewed(): Promise<Session | null> {
  renewing ??= alone(renew).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Browsers have locks on https and localhost alone; elsewhere tabs may meet, and one of them asks for the password. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | null | undefined;
  return locks ? locks.request("tidemark.renewal", work) : work();
}

async function renew(): Promise<Session | null> {
  const known = session.value;
  if (known === null) return null;
  if (isSpent(known)) {
    // Another tab has the next tokens and is telling us; if it was closed before that, nobody has them.
    const came = await until(() => (session.value?.generation ?? 0) > known.generation, WAIT_FOR_RENEWAL_MS);
    return came ? session.value : null;
  }
  markSpent(known);
  const answer = await reach(`${BASE}/auth/refresh`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refresh_token: known.refreshToken }),
  });
  if (answer.ok) return renewSession(known, (await answer.json()) as Tokens);
  if (answer.status === 401) return null;
  unmarkSpent(); // It was not looked at: too many requests, or a server that is away.
  throw await errorOf(answer);
}
