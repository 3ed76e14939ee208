import { type ComponentChildren, type JSX } from "preact";
import { type Action, isToldAt } from "../api/action";
import { Button } from "./button";
import { ErrorNote } from "./notes";

interface FormProps {
  readonly action: Action;
  /** What the button says. */
  readonly submit: string;
  readonly children: ComponentChildren;
  /** Names of the API's fields that say themselves what is wrong with them. */
  readonly fields?: readonly string[];
  readonly kind?: "primary" | "danger";
  readonly disabled?: boolean;
  readonly onCancel?: () => void;
}

/** Fields and what is done with them; a refusal that belongs to none of them stands above. */
export function Form(props: FormProps): JSX.Element {
  const { action, submit, children, fields = [], kind = "primary", disabled = false, onCancel } = props;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!action.busy) void action.run();
      }}
    >
      {action.error !== null && !isToldAt(action.error, fields) && <ErrorNote error={action.error} />}
      {children}
      <div class="dialog-actions">
        {onCancel !== undefined && <Button onClick={onCancel}>Cancel</Button>}
        <Button kind={kind} type="submit" busy={action.busy} disabled={disabled}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
