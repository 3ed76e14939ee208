import { signal } from "@preact/signals";
import { type JSX } from "preact";
import { ErrorNote, Note } from "./notes";

interface Toast {
  readonly id: number;
  readonly text?: string;
  readonly error?: unknown;
}

const SHOWN_MS = 6_000;
const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Says in passing that something was done. */
export function toast(text: string): void {
  add({ text });
}

/** Says that something failed that has no place of its own on the page; stays until it is closed. */
export function toastError(error: unknown): void {
  add({ error });
}

function add(content: Omit<Toast, "id">): void {
  count += 1;
  const id = count;
  toasts.value = [...toasts.value, { id, ...content }];
  if (content.error === undefined) setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, error }) => (
        <div key={id} class="toast row">
          {error === undefined ? <Note>{text}</Note> : <ErrorNote error={error} />}
          <button type="button" class="button" data-kind="quiet" onClick={() => dismiss(id)}>
            Close
          </button>
        </div>
      ))}
    </div>
  );
}
