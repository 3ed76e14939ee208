import { type ComponentChildren, type JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { useModal } from "./modal";

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Null: it cannot be closed without an answer. */
  readonly onClose: (() => void) | null;
  readonly size?: "small" | "wide";
}

/** A window over the page. The focus stays in it and then goes back; Escape closes it. */
export function Dialog({ title, children, onClose, size = "small" }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(dialog);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      data-size={size}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        // A click on the backdrop is one on the dialog itself.
        if (event.target === dialog.current && event.detail > 0) onClose?.();
      }}
    >
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
