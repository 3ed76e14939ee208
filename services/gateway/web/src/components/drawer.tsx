import { type ComponentChildren, type JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Button } from "./button";
import { useModal } from "./modal";

interface DrawerProps {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** The details of one thing, beside the list that it is from. Focus stays in it and goes back; Escape closes it. */
export function Drawer({ title, onClose, children }: DrawerProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(dialog);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        // A question that was asked from here is closed by its own Escape, which comes by here, too.
        if (event.target === dialog.current) onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && event.detail > 0) onClose();
      }}
    >
      <div class="drawer-content">
        <div class="drawer-head">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" onClick={onClose}>
            Close
          </Button>
        </div>
        <div class="stack drawer-body">{children}</div>
      </div>
    </dialog>
  );
}
