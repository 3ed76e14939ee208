import { type JSX } from "preact";
import { useId } from "preact/hooks";
import { ApiError } from "../../api/errors";
import { Field } from "../../components/field";
import { ClientFilter } from "../../shell/client-filter";
import { DUPLICATES, type Wanted } from "./api";
import { DUPLICATE_HINTS, DUPLICATE_TEXTS } from "./words";

interface ChoicesProps {
  readonly wanted: Wanted;
  /** Of the last attempt: what it says about fields stands beside them. */
  readonly error: unknown;
  readonly hasManyClients: boolean;
  readonly disabled: boolean;
  readonly onChange: (changes: Partial<Wanted>) => void;
}

/** How a file is read and loaded. */
export function Choices({ wanted, error, hasManyClients, disabled, onChange }: ChoicesProps): JSX.Element {
  const fields = error instanceof ApiError ? error.fieldErrors : {};
  const text = (name: keyof Wanted, label: string, hint: string, field: string): JSX.Element => (
    <Field
      label={label}
      value={wanted[name]}
      hint={hint}
      errors={fields[field]}
      onInput={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <fieldset class="stack" disabled={disabled}>
      <legend class="visually-hidden">How it is loaded</legend>
      {hasManyClients && (
        <div class="field">
          <span class="field-label" aria-hidden="true">
            Client
          </span>
          <ClientFilter
            client={wanted.client === "" ? null : wanted.client}
            none="Choose a client …"
            onChange={(client) => onChange({ client: client ?? "" })}
          />
          {fields.client_id !== undefined && <span class="field-error">Client {fields.client_id.join("; ")}</span>}
        </div>
      )}
      <Duplicates wanted={wanted} onChange={onChange} />
      <details open={[wanted.campaign, wanted.adSet, wanted.dateFormat].some((each) => each !== "")}>
        <summary>Where the file leaves something out</summary>
        <div class="choices-more">
          {text("campaign", "Campaign", "Where the file has no campaign column.", "campaign")}
          {text("adSet", "Ad set", "Where the file has no ad set column.", "ad_set")}
          {text("dateFormat", "Date format", "Where days and months cannot be told apart: DD/MM/YYYY", "date_format")}
        </div>
      </details>
    </fieldset>
  );
}

function Duplicates({ wanted, onChange }: Pick<ChoicesProps, "wanted" | "onChange">): JSX.Element {
  const id = useId();
  return (
    <fieldset>
      <legend class="field-label">Rows that exist already</legend>
      <div class="duplicates">
        {DUPLICATES.map((each) => (
          <label key={each} class="check" data-checked={wanted.onDuplicate === each}>
            <input
              type="radio"
              name={id}
              checked={wanted.onDuplicate === each}
              aria-describedby={`${id}-${each}`}
              onChange={() => onChange({ onDuplicate: each })}
            />
            <span>
              {DUPLICATE_TEXTS[each]}
              <span class="muted small" id={`${id}-${each}`}>
                {DUPLICATE_HINTS[each]}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
