import { useEffect, useReducer, useRef } from "preact/hooks";
import { isAborted } from "../../api/errors";
import { invalidate } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { UPLOADS, type Wanted, lookAt, upload } from "./api";
import { type Event, type Flow, begin, next, percentSent, problemOf } from "./steps";

export interface Flowing {
  readonly flow: Flow;
  readonly choose: (file: File) => void;
  readonly want: (changes: Partial<Wanted>) => void;
  readonly look: (changes?: Partial<Wanted>) => void;
  readonly confirm: () => void;
  readonly stop: () => void;
  readonly again: () => void;
}

/** An upload in the making: its state, and what somebody does about it. */
export function useFlow(): Flowing {
  const [flow, dispatch] = useReducer<Flow, Event>(next, begin());
  const underWay = useRef<AbortController | null>(null);
  // One look, one key: a confirmation that is sent again after a failure is the same upload.
  const key = useRef("");
  const stop = (): void => {
    underWay.current?.abort();
    underWay.current = null;
  };
  useEffect(() => stop, []);

  const work = (begun: Event, doing: (how: How) => Promise<Event>): void => {
    stop();
    const controller = new AbortController();
    underWay.current = controller;
    dispatch(begun);
    const onProgress = (sent: number, total: number): void =>
      dispatch({ kind: "sent", percent: percentSent(sent, total) });
    doing({ signal: controller.signal, onProgress }).then(dispatch, (error: unknown) => {
      if (!isAborted(error)) dispatch({ kind: "failed", error });
    });
  };

  const look = (changes: Partial<Wanted> = {}): void => {
    const { file } = flow;
    if (file === null || problemOf(file) !== null) return;
    const wanted = { ...flow.wanted, ...changes };
    stop();
    if (Object.keys(changes).length > 0) dispatch({ kind: "wanted", changes });
    key.current = uniqueId();
    work({ kind: "look" }, async (how) => {
      const preview = await readable(file, lookAt(file, wanted, how));
      return { kind: "looked", preview };
    });
  };

  const confirm = (): void => {
    const { file, wanted } = flow;
    if (file === null) return;
    work({ kind: "confirm" }, async (how) => {
      const accepted = await readable(file, upload(file, wanted, key.current, how));
      invalidate(UPLOADS);
      return { kind: "accepted", upload: accepted };
    });
  };

  const leaving = (event: Event) => (): void => {
    stop();
    dispatch(event);
  };
  return {
    flow,
    look,
    confirm,
    choose: (file) => leaving({ kind: "file", file })(),
    want: (changes) => leaving({ kind: "wanted", changes })(),
    stop: leaving({ kind: "stop" }),
    again: leaving({ kind: "again" }),
  };
}

interface How {
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number, total: number) => void;
}

/** A file that was changed after it was chosen cannot be sent, and browsers call that a lost connection. */
async function readable<T>(file: File, sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    if (isAborted(error)) throw error;
    await file
      .slice(0, 1)
      .arrayBuffer()
      .catch(() => {
        throw new Error("The file was changed or moved after it was chosen: choose it again.");
      });
    throw error;
  }
}
