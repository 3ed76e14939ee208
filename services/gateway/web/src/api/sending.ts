/** Sending a file: fetch cannot say how much of it is under way, XMLHttpRequest can. */
import { BASE, reachable, signed } from "./client";
import { Unreachable } from "./errors";
import { type Session } from "./session";

export interface Sending {
  readonly signal: AbortSignal;
  /** How much has left, of how much; the form is a little larger than the file. */
  readonly onProgress: (sent: number, total: number) => void;
  readonly idempotencyKey?: string;
}

/** Posts a form as whoever is signed in. Raises what every request raises. */
export async function sendForm(path: string, form: FormData, sending: Sending): Promise<Response> {
  return signed((used) => post(`${BASE}${path}`, form, used, sending), sending.signal);
}

function post(address: string, form: FormData, used: Session | null, sending: Sending): Promise<Response> {
  const request = new XMLHttpRequest();
  return new Promise<Response>((resolve, reject) => {
    const stop = (): void => request.abort();
    request.open("POST", address);
    if (used !== null) request.setRequestHeader("Authorization", `Bearer ${used.accessToken}`);
    if (sending.idempotencyKey !== undefined) request.setRequestHeader("Idempotency-Key", sending.idempotencyKey);
    request.upload.addEventListener("progress", (event) => sending.onProgress(event.loaded, event.total));
    request.addEventListener("load", () => {
      reachable.value = true;
      resolve(answerOf(request));
    });
    request.addEventListener("error", () => {
      reachable.value = false;
      reject(new Unreachable());
    });
    request.addEventListener("abort", () => reject(new DOMException("It was stopped.", "AbortError")));
    request.addEventListener("loadend", () => sending.signal.removeEventListener("abort", stop));
    sending.signal.addEventListener("abort", stop);
    // What was never sent cannot be stopped: nothing would say so.
    if (sending.signal.aborted) reject(new DOMException("It was stopped.", "AbortError"));
    else request.send(form);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const id = request.getResponseHeader("X-Request-ID");
  return new Response(request.responseText, {
    status: request.status,
    headers: { "Content-Type": "application/json", ...(id === null ? {} : { "X-Request-ID": id }) },
  });
}
