/** Signing in and out. */
import { request, requestPublic } from "./client";
import { isRecord } from "./errors";
import { forgetAll } from "./resource";
import { type Session, type Tokens, beginSession, endSession, passwordChanged } from "./session";

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app, or a recovery code. */
  readonly code?: string;
}

/** False: the password is right, and a code is needed beside it. */
export async function signIn(credentials: Credentials): Promise<boolean> {
  const answer = (await requestPublic("/auth/login", credentials)) as Tokens & { readonly mfa_required: boolean };
  if (answer.mfa_required) return false;
  beginSession(credentials.email, answer);
  return true;
}

/** Out here at once, whether or not the server hears of it. */
export async function signOut(): Promise<void> {
  const told = request("post", "/auth/logout").catch(() => undefined);
  await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 2_000))]);
  endSession();
  forgetAll();
}

export async function changePassword(current: string, next: string): Promise<void> {
  await request("put", "/auth/change-password", { body: { current_password: current, new_password: next } });
  passwordChanged();
  forgetAll();
}

/** What the page shows; what somebody may do is decided by the API alone. */
export function isAdmin(session: Session | null): boolean {
  return claimsOf(session).role === "admin";
}

function claimsOf(session: Session | null): Record<string, unknown> {
  const payload = session?.accessToken.split(".")[1] ?? "";
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}
