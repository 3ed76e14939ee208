/**
 * The tokens of this browser's session.
 *
 * Where they are kept, and why: in memory, and as a copy in sessionStorage.
 * - Not in localStorage: a session should end with the browser's window, and not lie on a disk for two weeks.
 * - Not in memory alone: each reload would have to renew the session, and a reload while that is under way
 *   would lose the new refresh token for good. Whoever can read sessionStorage can read memory through the same
 *   script; what keeps strangers' scripts out is the page's policy (no inline script, none from elsewhere).
 * - Links open in new tabs. A tab without a session asks the others for theirs, over a BroadcastChannel.
 *
 * A refresh token is good once: using one twice ends the session and alarms the administrators. So tabs renew one at a
 * time (a Web Lock), and `tidemark.spent` in localStorage – a number, no secret – says which generation of tokens was
 * spent, even by a tab that was closed before it heard the answer.
 */
import { batch, signal } from "@preact/signals";

export interface Session {
  readonly id: string;
  readonly generation: number;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** In milliseconds, as Date.now(). */
  readonly expiresAt: number;
  readonly mustChangePassword: boolean;
}

export interface Tokens {
  readonly access_token: string | null;
  readonly refresh_token: string | null;
  readonly expires_in: number;
  readonly must_change_password: boolean;
}

type Message =
  | { readonly kind: "wanted" }
  | { readonly kind: "renewed"; readonly session: Session }
  | { readonly kind: "ended"; readonly id: string };

const STORED = "tidemark.session";
const SPENT = "tidemark.spent";
const WAIT_FOR_TABS_MS = 120;

/** Null: nobody is signed in. */
export const session = signal<Session | null>(null);
/** The session ran out while somebody looks at a page: their password is asked for over it. */
export const expired = signal(false);

let channel: BroadcastChannel | null = null;

/** Finds the session of this tab, or of another one. */
export async function restoreSession(): Promise<void> {
  channel = new BroadcastChannel("tidemark.session");
  channel.addEventListener("message", (event: MessageEvent<Message>) => hear(event.data));
  session.value = stored();
  if (session.value !== null) return;
  tell({ kind: "wanted" });
  await until(() => session.value !== null, WAIT_FOR_TABS_MS);
}

export function beginSession(email: string, tokens: Tokens): void {
  const next = sessionOf(email, tokens, { id: uniqueId(), generation: 0 });
  keep(next);
  tell({ kind: "renewed", session: next });
}

export function renewSession(old: Session, tokens: Tokens): Session {
  const next = sessionOf(old.email, tokens, { id: old.id, generation: old.generation + 1 });
  keep(next);
  tell({ kind: "renewed", session: next });
  return next;
}

export function passwordChanged(): void {
  if (session.value !== null) keep({ ...session.value, mustChangePassword: false });
}

export function mustChangePassword(): void {
  if (session.value !== null) keep({ ...session.value, mustChangePassword: true });
}

/** Signs out here and in every other tab. */
export function endSession(): void {
  const ended = session.value;
  keep(null);
  localStorage.removeItem(SPENT);
  if (ended !== null) tell({ kind: "ended", id: ended.id });
}

/** Remembers that the refresh token of this session is used now, whatever becomes of the answer. */
export function markSpent(used: Session): void {
  localStorage.setItem(SPENT, `${used.id}:${used.generation}`);
}

/** After an attempt that never reached the server. */
export function unmarkSpent(): void {
  localStorage.removeItem(SPENT);
}

/** Whether the refresh token was used already, by another tab or before a reload. */
export function isSpent(known: Session): boolean {
  const [id, generation] = (localStorage.getItem(SPENT) ?? "").split(":");
  return id === known.id && Number(generation) >= known.generation;
}

/** Resolves as soon as the condition holds, or when time is up; says whether it holds. */
export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  return condition();
}

/** crypto.randomUUID is there on https and localhost alone. */
export function uniqueId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sessionOf(email: string, tokens: Tokens, of: Pick<Session, "id" | "generation">): Session {
  return {
    ...of,
    email,
    accessToken: tokens.access_token ?? "",
    refreshToken: tokens.refresh_token ?? "",
    expiresAt: Date.now() + tokens.expires_in * 1000,
    mustChangePassword: tokens.must_change_password,
  };
}

function keep(next: Session | null): void {
  // Together: whoever waits for a new session must not see it as one that ran out.
  batch(() => {
    session.value = next;
    expired.value = false;
  });
  if (next === null) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(next));
}

function stored(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

function hear(message: Message): void {
  const mine = session.value;
  if (message.kind === "wanted") {
    if (mine !== null && !expired.value) tell({ kind: "renewed", session: mine });
  } else if (message.kind === "ended") {
    if (mine?.id === message.id) keep(null);
  } else if (mine === null || supersedes(message.session, mine)) {
    keep(message.session);
  }
}

/** Newer tokens of the same session, or a new session of the same person where the old one ran out. */
function supersedes(next: Session, mine: Session): boolean {
  if (next.id === mine.id) return next.generation > mine.generation;
  return expired.value && next.email === mine.email;
}

function tell(message: Message): void {
  channel?.postMessage(message);
}
