import { type JSX } from "preact";
import { useId } from "preact/hooks";

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
  /** In a bar the label is heard, not seen. */
  readonly inBar?: boolean;
  readonly hint?: string | undefined;
  readonly errors?: readonly string[];
}

export function Select<T extends string>(props: SelectProps<T>): JSX.Element {
  const { label, value, options, onChange, inBar = false, hint, errors = [] } = props;
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, errors.length > 0 ? `${id}-error` : ""].join(" ").trim();
  const control = (
    <select
      id={id}
      class={inBar ? "input bar-control" : "input"}
      aria-label={inBar ? label : undefined}
      value={value}
      aria-invalid={errors.length > 0}
      aria-describedby={described === "" ? undefined : described}
      onChange={(event) => {
        const chosen = options.find(([each]) => each === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen[0]);
      }}
    >
      {options.map(([each, text]) => (
        <option key={each} value={each} selected={each === value}>
          {text}
        </option>
      ))}
    </select>
  );
  if (inBar) return control;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control}
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

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}

/** A choice of few, all of them in sight. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([each, text]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>
          {text}
        </button>
      ))}
    </div>
  );
}
