import { type JSX } from "preact";
import { useId } from "preact/hooks";

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
}

/** Yes or no. */
export function Check({ label, checked, onChange, hint, disabled = false }: CheckProps): JSX.Element {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <span class="muted small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface ChecksProps<T extends string> {
  readonly label: string;
  readonly values: readonly T[];
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (values: readonly T[]) => void;
  readonly errors?: readonly string[];
}

/** Any of a few. */
export function Checks<T extends string>({
  label,
  values,
  options,
  onChange,
  errors = [],
}: ChecksProps<T>): JSX.Element {
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div class="row">
        {options.map(([each, text]) => (
          <Check
            key={each}
            label={text}
            checked={values.includes(each)}
            onChange={(checked) =>
              onChange(options.map(([value]) => value).filter((v) => (v === each ? checked : values.includes(v))))
            }
          />
        ))}
      </div>
      {errors.length > 0 && <span class="field-error">{errors.map((error) => `${label} ${error}`).join("; ")}</span>}
    </fieldset>
  );
}
