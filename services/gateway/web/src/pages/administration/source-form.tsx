import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Form } from "../../components/form";
import { Check } from "../../components/check";
import { Note } from "../../components/notes";
import { toast } from "../../components/toast";
import { formatMoment } from "../../format/dates";
import { sourceName } from "../../shell/scope-bar";
import { type Source } from "../../state/view";
import { Columns } from "./columns";
import { type CredentialsDraft, VibeCredentials, credentialsBody } from "./credentials";
import { type Client } from "./directory";
import { Files, Judging, Reading } from "./source-fields";
import { type Settings, type SourceDraft, bodyOf, credentialsOf, draftOf, knows } from "./source-draft";

interface SourceFormProps {
  readonly client: Client;
  readonly source: Source;
  readonly settings: Settings;
}

/** Told at their fields; what is refused of others stands above the form. */
const FIELDS = [
  "bucket",
  "prefix",
  "file_pattern",
  "due_by",
  "default_campaign",
  "date_format",
  "timezone",
  "settling_days",
  "advertiser_id",
  "max_bad_share",
  "max_shrink_share",
];

export function SourceForm({ client, source, settings }: SourceFormProps): JSX.Element {
  const [draft, setDraft] = useState(draftOf(settings));
  const [credentials, setCredentials] = useState<CredentialsDraft | null>(null);
  const action = useAction(async () => {
    const body = bodyOf(draft);
    const saved = await request("put", "/clients/{client_id}/sources/{source}", {
      at: { client_id: client.id ?? "", source },
      body: credentials === null ? body : { ...body, vibe_credentials: credentialsBody(credentials) },
    });
    setDraft(draftOf(saved));
    setCredentials(null);
    invalidate(`/clients/${client.id ?? ""}/sources`);
    toast(`${sourceName(source)} is read like this from now on.`);
  });
  const change = (changes: Partial<SourceDraft>): void => setDraft({ ...draft, ...changes });
  const part = { draft, error: action.error, onChange: change, source, client };
  return (
    <div class="card-body source-form">
      {client.status !== "active" && (
        <Note kind="warning">The client is disabled: nothing is pulled for it, whatever is said here.</Note>
      )}
      <Form action={action} submit="Save" fields={FIELDS}>
        <Check
          label={`${sourceName(source)} is enabled for this client`}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
          hint={ENABLED[source]}
        />
        {knows(source, "files") && <Files {...part} />}
        <Reading {...part} />
        {source === "vibe" && (
          <VibeCredentials stored={credentialsOf(settings)} draft={credentials} onChange={setCredentials} />
        )}
        <Judging {...part} />
        <Columns columns={draft.columns} onChange={(columns) => change({ columns })} />
        <p class="muted small">
          {changedText(settings)} It counts for what is read from now on; a reload reads a kept file again with it.
        </p>
      </Form>
    </div>
  );
}

/** What was never set has no such moment, not even null. */
function changedText({ updated_at: at }: Partial<Settings>): string {
  return typeof at === "string"
    ? `Changed last on ${formatMoment(at)}.`
    : "Nothing was set yet: these are the usual values.";
}

const ENABLED: Readonly<Record<Source, string>> = {
  surfside: "Its files are looked for each day, and each hour while one is missing.",
  vibe: "A report is asked for each day.",
  facebook: "Exports are uploaded by people, enabled or not; enabled, it is in the coverage from the start.",
};
