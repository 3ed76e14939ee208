import { type JSX } from "preact";
import { useId } from "preact/hooks";

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows?: number;
  readonly hint?: string | undefined;
  readonly errors?: readonly string[];
  readonly required?: boolean;
}

/** Several lines of text. */
export function TextArea(props: TextAreaProps): JSX.Element {
  const { label, value, onInput, rows = 3, hint, errors = [], required = false } = props;
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, errors.length > 0 ? `${id}-error` : ""].join(" ").trim();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="input"
        rows={rows}
        required={required}
        spellcheck={false}
        value={value}
        aria-invalid={errors.length > 0}
        aria-describedby={described === "" ? undefined : described}
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
