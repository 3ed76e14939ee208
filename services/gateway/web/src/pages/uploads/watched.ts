import { useEffect, useState } from "preact/hooks";
import { isAborted } from "../../api/errors";
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
  let ended = false;
  const tell = (latest: Upload): void => {
    ended = hasEnded(latest);
    told(latest);
  };
  while (!ended && !signal.aborted) {
    try {
      await listen(id, signal, tell, () => ended);
      if (!ended) tell(await readUpload(id, signal));
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      failed(error);
    }
    if (!ended) await pause(POLL_MS, signal);
  }
}

/** Until the stream ends. One that breaks is no trouble: polling is as good. */
async function listen(
  id: string,
  signal: AbortSignal,
  tell: (latest: Upload) => void,
  ended: () => boolean,
): Promise<void> {
  try {
    for await (const { event, data } of eventsAt(eventsOfUpload(id), signal)) {
      if (event === "upload") tell(JSON.parse(data) as Upload);
      if (ended()) return;
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
