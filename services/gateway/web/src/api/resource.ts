/** What a page reads: cached answers at once, and a request that brings them up to date. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type Answer, type Options, type PathOf, addressOf, reachable, readAddress } from "./client";
import { Unreachable, isAborted } from "./errors";

/** An answer of this age is shown without asking again: going back and forth is free. */
const FRESH_MS = 15_000;
/** Somebody who comes back to the tab after this long sees new figures. */
const AWAY_MS = 60_000;
const TRY_AGAIN_MS = 10_000;
const MOST_ENTRIES = 60;

interface Entry {
  readonly data: unknown;
  readonly at: number;
}

interface Flight {
  readonly promise: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

export interface Resource<T> {
  /** The last answer, also of the question before while the next one is under way. */
  readonly data: T | null;
  readonly error: unknown;
  readonly loading: boolean;
  /** Whether `data` answers another question than the one that is asked now. */
  readonly stale: boolean;
  readonly reload: () => void;
}

export type Reading<P extends PathOf<"get">> = Pick<Options<P, "get">, "at" | "query">;

const cache = new Map<string, Entry>();
const flights = new Map<string, Flight>();
const wanted = signal(0);
/** Counts up when all that is on the screen should be asked again: for what keeps answers of its own. */
export const refreshes: ReadonlySignal<number> = wanted;

/** Reads a path; null for the options: not yet. A change of the options gives up the request before. */
export function useResource<P extends PathOf<"get">>(path: P, options: Reading<P> | null): Resource<Answer<P>> {
  return useAddress<Answer<P>>(options === null ? null : addressOf(path, options));
}

/** The same, by an address (addressOf) whose answer's type the caller knows. */
export function useAddress<T>(address: string | null): Resource<T> {
  const [shown, show] = useState<Shown<T>>({ address: null, data: null });
  const [failure, fail] = useState<Failure | null>(null);
  const [round, again] = useState(0);
  const known = address === null ? undefined : (cache.get(address)?.data as T | undefined);

  useEffect(() => {
    if (address === null) return;
    const entry = cache.get(address);
    if (entry !== undefined && Date.now() - entry.at < FRESH_MS) {
      show({ address, data: entry.data as T });
      return;
    }
    return take(address, {
      done: (data) => {
        show({ address, data: data as T });
        fail(null);
      },
      failed: (error) => fail({ address, error }),
    });
  }, [address, round, wanted.value]);

  return {
    ...stateOf(address, known, shown, failure),
    reload: () => {
      if (address !== null) cache.delete(address);
      fail(null);
      again(round + 1);
    },
  };
}

interface Shown<T> {
  readonly address: string | null;
  readonly data: T | null;
}

interface Failure {
  readonly address: string;
  readonly error: unknown;
}

function stateOf<T>(
  address: string | null,
  known: T | undefined,
  shown: Shown<T>,
  failure: Failure | null,
): Omit<Resource<T>, "reload"> {
  const current = known ?? (shown.address === address ? shown.data : null);
  const failed = failure?.address === address ? failure.error : null;
  // What was read before stays while the server is away: the frame of the page says so.
  const error = current !== null && failed instanceof Unreachable ? null : failed;
  return {
    data: current ?? shown.data,
    error,
    loading: address !== null && current === null && error === null,
    stale: current === null && shown.data !== null,
  };
}

/** After a change: answers below these paths are asked for again, those on the screen at once. */
export function invalidate(...paths: readonly string[]): void {
  for (const address of cache.keys()) {
    if (paths.length === 0 || paths.some((path) => address.startsWith(`/api/v1${path}`))) cache.delete(address);
  }
  wanted.value += 1;
}

/** Nothing of one person is shown to the next. */
export function forgetAll(): void {
  cache.clear();
  for (const flight of flights.values()) flight.controller.abort();
  flights.clear();
}

/** Asks again when the connection is back, while the server is away, and when somebody returns after a while. */
export function keepFresh(): void {
  let left = Date.now();
  setInterval(() => {
    if (!reachable.peek() && !document.hidden) invalidate();
  }, TRY_AGAIN_MS);
  window.addEventListener("online", () => invalidate());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > AWAY_MS) invalidate();
  });
}

interface Outcome {
  readonly done: (data: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Joins a request that is under way, or begins it; the returned function leaves it, and the last one ends it. */
function take(address: string, outcome: Outcome): () => void {
  const flight = flights.get(address) ?? begin(address);
  let waits = true;
  flight.waiting += 1;
  flight.promise.then(
    (data) => waits && outcome.done(data),
    (error: unknown) => waits && !isAborted(error) && outcome.failed(error),
  );
  return () => {
    waits = false;
    flight.waiting -= 1;
    if (flight.waiting === 0 && flights.get(address) === flight) {
      flights.delete(address);
      flight.controller.abort();
    }
  };
}

function begin(address: string): Flight {
  const controller = new AbortController();
  const promise = readAddress(address, controller.signal)
    .then((data) => {
      remember(address, data);
      return data;
    })
    .finally(() => {
      if (flights.get(address)?.controller === controller) flights.delete(address);
    });
  const flight = { promise, controller, waiting: 0 };
  flights.set(address, flight);
  return flight;
}

function remember(address: string, data: unknown): void {
  cache.delete(address);
  cache.set(address, { data, at: Date.now() });
  const oldest = cache.keys().next().value;
  if (cache.size > MOST_ENTRIES && oldest !== undefined) cache.delete(oldest);
}
