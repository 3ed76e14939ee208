import { useEffect, useState } from "preact/hooks";
import { ApiError, isAborted } from "../../api/errors";
import { eventsAt } from "../../api/events";
import { invalidate } from "../../api/resource";
import { type Upload, eventsOfUpload, readUpload } from "./api";

const POLL_MS = 1_500;

export interface Watched {
  readonly upload: Upload;
  /** Why nothing newer is known; it goes on trying. */
  readonly error: unknown;
}

/** An upload as it goes on: told by the server, or asked for again and again where it cannot tell. */
export function useWatched(first: Upload): Watched {
  const [upload, setUpload] = useState(first);
  const [error, setError] = useState<unknown>(null);
  const known = upload.upload_id === first.upload_id ? upload : first;
  useEffect(() => {
    if (hasEnded(first)) return;
    const controller = new AbortController();
    const told = (latest: Upload): void => {
      setUpload(latest);
      setError(null);
      // All figures of its client may have changed with it.
      if (hasEnded(latest)) invalidate();
    };
    void follow(first.upload_id, controller.signal, told, setError);
    return () => controller.abort();
  }, [first.upload_id, hasEnded(first)]);
  return { upload: hasEnded(first) ? first : known, error };
}

/** A held run has not ended either: but it waits for a person, and nobody watches it for hours. */
export function hasEnded(upload: Upload): boolean {
  return upload.status === "completed" || upload.status === "failed" || upload.run_status === "held";
}

async function follow(
  id: string,
  signal: AbortSignal,
  told: (latest: Upload) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  let latest: Upload | null = null;
  const tell = (upload: Upload): void => {
    latest = upload;
    told(upload);
  };
  const goesOn = (): boolean => !signal.aborted && (latest === null || !hasEnded(latest));
  while (goesOn()) {
    try {
      await listen(id, signal, tell, goesOn);
      if (goesOn()) tell(await readUpload(id, signal));
    } catch (error) {
      if (!signal.aborted) failed(error);
      if (error instanceof ApiError && error.status === 404) return; // Somebody deleted it.
    }
    if (goesOn()) await pause(POLL_MS, signal);
  }
}

/** Until the stream ends. One that breaks is no trouble: asking again and again is as good. */
async function listen(
  id: string,
  signal: AbortSignal,
  tell: (upload: Upload) => void,
  goesOn: () => boolean,
): Promise<void> {
  try {
    for await (const { event, data } of eventsAt(eventsOfUpload(id), signal)) {
      if (event === "upload") tell(JSON.parse(data) as Upload);
      if (!goesOn()) return;
    }
  } catch (error) {
    if (isAborted(error)) throw error;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
