import { type JSX } from "preact";
import { errorsAt } from "../../api/action";
import { Check } from "../../components/check";
import { Field } from "../../components/field";
import { Select } from "../../components/select";
import { formatDay } from "../../format/dates";
import { timeZones } from "../../format/places";
import { addDays, todayIn } from "../../state/ranges";
import { type Source } from "../../state/view";
import { type Client } from "./directory";
import { expectedFile } from "./expected-file";
import { SETTLING, type SourceDraft, knows } from "./source-draft";

export interface PartProps {
  readonly draft: SourceDraft;
  readonly error: unknown;
  readonly source: Source;
  readonly client: Client;
  readonly onChange: (changes: Partial<SourceDraft>) => void;
}

/** Where the files are. */
export function Files({ draft, error, client, onChange }: PartProps): JSX.Element {
  return (
    <fieldset class="field">
      <legend>Files</legend>
      <div class="fields thirds">
        <Field
          label="Bucket"
          value={draft.bucket}
          onInput={(bucket) => onChange({ bucket })}
          hint="Empty: the one of all clients"
          errors={errorsAt(error, "bucket")}
        />
        <Field
          label="Prefix"
          value={draft.prefix}
          onInput={(prefix) => onChange({ prefix })}
          hint="The folder, without a / before it"
          errors={errorsAt(error, "prefix")}
        />
        <Field
          label="File pattern"
          value={draft.pattern}
          onInput={(pattern) => onChange({ pattern })}
          hint="With {date}, {yyyymmdd}, {client} and *"
          errors={errorsAt(error, "file_pattern")}
        />
      </div>
      <Expected draft={draft} client={client} />
      <div class="fields thirds">
        <Select
          label="Several files of a day"
          value={draft.parts}
          options={[
            ["latest", "The newest counts"],
            ["all", "They are parts of one"],
          ]}
          onChange={(parts) => onChange({ parts })}
        />
        <Field
          label="Missing from"
          type="time"
          required
          value={draft.dueBy}
          onInput={(dueBy) => onChange({ dueBy })}
          hint="On the morning after, US Eastern time"
          errors={errorsAt(error, "due_by")}
        />
      </div>
    </fieldset>
  );
}

function Expected({ draft, client }: { readonly draft: SourceDraft; readonly client: Client }): JSX.Element | null {
  const yesterday = addDays(todayIn(client.timezone ?? "UTC"), -1);
  const file = expectedFile(draft, client.name ?? "", yesterday);
  if (file === null) return null;
  return (
    <p class="expected small" aria-live="polite">
      <span class="muted">For {formatDay(yesterday)}: </span>
      <code>{file}</code>
    </p>
  );
}

/** How rows are understood. */
export function Reading({ draft, error, source, client, onChange }: PartProps): JSX.Element {
  return (
    <fieldset class="field">
      <legend>Rows</legend>
      <div class="fields thirds">
        {knows(source, "advertiser") && (
          <Field
            label="Advertiser id"
            value={draft.advertiser}
            onInput={(advertiser) => onChange({ advertiser })}
            hint="Of this client at the source"
            errors={errorsAt(error, "advertiser_id")}
          />
        )}
        {knows(source, "campaign") && (
          <Field
            label="Default campaign"
            value={draft.campaign}
            onInput={(campaign) => onChange({ campaign })}
            hint="Where a file names none; empty: Unassigned"
            errors={errorsAt(error, "default_campaign")}
          />
        )}
        <Field
          label="Date format"
          value={draft.dateFormat}
          onInput={(dateFormat) => onChange({ dateFormat })}
          hint="As MM/DD/YYYY; empty: found out"
          errors={errorsAt(error, "date_format")}
        />
        <Select
          label="Time zone of the account"
          value={draft.timezone}
          options={[
            ["", `The client's: ${client.timezone ?? "UTC"}`],
            ...timeZones(draft.timezone).filter(([zone]) => zone !== ""),
          ]}
          onChange={(timezone) => onChange({ timezone })}
          errors={errorsAt(error, "timezone")}
        />
      </div>
    </fieldset>
  );
}

/** What is taken, and what waits for somebody. */
export function Judging({ draft, error, source, onChange }: PartProps): JSX.Element {
  return (
    <fieldset class="field">
      <legend>What is taken</legend>
      <div class="fields thirds">
        <Field
          label="Settling days"
          type="number"
          min="0"
          max="400"
          value={draft.settlingDays}
          onInput={(settlingDays) => onChange({ settlingDays })}
          hint={`In which it still restates; empty: ${SETTLING[source]}`}
          errors={errorsAt(error, "settling_days")}
        />
        <Field
          label="Bad rows at most, %"
          inputMode="decimal"
          value={draft.mostBad}
          onInput={(mostBad) => onChange({ mostBad })}
          hint="More than that refuse the file"
          errors={errorsAt(error, "max_bad_share")}
        />
        <Field
          label="Removed at most, %"
          inputMode="decimal"
          value={draft.mostShrink}
          onInput={(mostShrink) => onChange({ mostShrink })}
          hint="Of a day; a run that removes more is held"
          errors={errorsAt(error, "max_shrink_share")}
        />
      </div>
      <Check
        label="Strict"
        checked={draft.strict}
        onChange={(strict) => onChange({ strict })}
        hint="One bad row refuses the whole file, instead of going to quarantine."
      />
    </fieldset>
  );
}
