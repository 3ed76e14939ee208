import { type ComponentChildren, type JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNote } from "./notes";

interface AskProps {
  /** The question. */
  readonly title: string;
  /** What happens then, and what does not; fields that belong to it. */
  readonly children: ComponentChildren;
  /** The answer that does it. */
  readonly action: string;
  readonly kind?: "primary" | "danger";
  readonly disabled?: boolean;
  readonly onDo: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done that others will notice. It closes when it is done, and says why if it is not. */
export function Ask(props: AskProps): JSX.Element {
  const { title, children, action, kind = "primary", disabled = false, onDo, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await onDo();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={busy ? null : onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        {children}
        {error !== null && <ErrorNote error={error} />}
        <div class="dialog-actions">
          <Button disabled={busy} onClick={onClose}>
            Leave it
          </Button>
          <Button kind={kind} type="submit" busy={busy} disabled={disabled}>
            {busy ? "One moment …" : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
