/** A change that somebody asked for: under way, done, or refused. */
import { useRef, useState } from "preact/hooks";
import { ApiError, isAborted } from "./errors";
import { uniqueId } from "./session";

export interface Action {
  readonly busy: boolean;
  /** Null: it was not refused. */
  readonly error: unknown;
  readonly run: () => Promise<void>;
  readonly forget: () => void;
}

/** `work` gets the same key for each try of the same change, so that a repeated one is done once. */
export function useAction(work: (key: string) => Promise<void>): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = useRef<string | null>(null);
  return {
    busy,
    error,
    forget: () => setError(null),
    run: async () => {
      setBusy(true);
      setError(null);
      key.current ??= uniqueId();
      try {
        await work(key.current);
        key.current = null;
      } catch (failure) {
        // Refused: what is sent next is another change. Not heard: it may have been done.
        if (failure instanceof ApiError) key.current = null;
        if (!isAborted(failure)) setError(failure);
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What the API says about a field of a body; the part of a field counts as the field (`thresholds.ctr_below`). */
export function errorsAt(error: unknown, field: string): readonly string[] {
  if (!(error instanceof ApiError)) return [];
  return Object.entries(error.fieldErrors)
    .filter(([name]) => name === field || name.startsWith(`${field}.`))
    .flatMap(([, messages]) => messages);
}

/** Whether all that was refused stands at one of these fields; otherwise the whole sentence is needed. */
export function isToldAt(error: unknown, fields: readonly string[]): boolean {
  const names = error instanceof ApiError ? Object.keys(error.fieldErrors) : [];
  return (
    names.length > 0 && names.every((name) => fields.some((field) => name === field || name.startsWith(`${field}.`)))
  );
}
