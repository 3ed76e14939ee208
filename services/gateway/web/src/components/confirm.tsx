import { type ComponentChildren, type JSX } from "preact";
import { useAction } from "../api/action";
import { Dialog } from "./dialog";
import { Form } from "./form";

interface ConfirmProps {
  readonly title: string;
  /** What happens then. */
  readonly children: ComponentChildren;
  /** What the button says: the thing that is done, not “OK”. */
  readonly submit: string;
  readonly kind?: "primary" | "danger";
  readonly disabled?: boolean;
  readonly work: (key: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done; closes when it was done, and says why where it was not. */
export function Confirm(props: ConfirmProps): JSX.Element {
  const { title, children, submit, kind = "danger", disabled = false, work, onClose } = props;
  const action = useAction(async (key) => {
    await work(key);
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form action={action} submit={submit} kind={kind} disabled={disabled} onCancel={onClose}>
        {children}
      </Form>
    </Dialog>
  );
}
