import { type JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "email" | "password" | "date" | "time" | "number" | "search";
  readonly autocomplete?: string;
  readonly inputMode?: "numeric" | "text" | "decimal";
  readonly hint?: string | undefined;
  /** What the API says about this field, or a check here. */
  readonly errors?: readonly string[] | undefined;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly readOnly?: boolean;
  readonly min?: string;
  readonly max?: string;
}

/** An input with its label, a hint and what is wrong with it. */
export function Field(props: FieldProps): JSX.Element {
  const { label, value, onInput, hint, errors = [], autofocus = false, ...input } = props;
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, errors.length > 0 ? `${id}-error` : ""];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        // As a plain object: the library tells inputs apart by a type that is known when it is written.
        {...(input as object)}
        id={id}
        class="input"
        value={value}
        autofocus={autofocus}
        aria-invalid={errors.length > 0}
        aria-describedby={described.join(" ").trim() || undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <span class="muted small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {errors.length > 0 && (
        <span class="field-error" id={`${id}-error`}>
          {errors.map((error) => `${label} ${error}`).join("; ")}
        </span>
      )}
    </div>
  );
}
