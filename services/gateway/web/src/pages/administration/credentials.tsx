import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Check } from "../../components/check";
import { Field } from "../../components/field";
import { Badge } from "../../components/notes";
import { Segments } from "../../components/select";
import { formatMoment } from "../../format/dates";
import { type NewSettings, type StoredCredentials } from "./source-draft";

export interface CredentialsDraft {
  readonly advertiser: string;
  readonly kind: "key" | "oauth";
  readonly key: string;
  readonly id: string;
  readonly secret: string;
  readonly isActive: boolean;
}

interface VibeCredentialsProps {
  readonly stored: StoredCredentials | null;
  /** Null: they stay as they are. */
  readonly draft: CredentialsDraft | null;
  readonly onChange: (draft: CredentialsDraft | null) => void;
}

/** Credentials are written and never shown: there is no way to see what is stored. */
export function VibeCredentials({ stored, draft, onChange }: VibeCredentialsProps): JSX.Element {
  const begin = (): void =>
    onChange({
      advertiser: stored?.advertiser ?? "",
      kind: stored?.hasSecret === true ? "oauth" : "key",
      key: "",
      id: stored?.oauthId ?? "",
      secret: "",
      isActive: true,
    });
  return (
    <fieldset class="field">
      <legend>Credentials</legend>
      <div class="row">
        <Stored stored={stored} />
        {draft === null ? (
          <Button onClick={begin}>{stored === null ? "Give credentials" : "Replace them"}</Button>
        ) : (
          <Button onClick={() => onChange(null)}>Leave them as they are</Button>
        )}
      </div>
      {draft !== null && <Fields draft={draft} onChange={onChange} />}
    </fieldset>
  );
}

function Stored({ stored }: { readonly stored: StoredCredentials | null }): JSX.Element {
  if (stored === null) return <span class="muted">None of its own: those of all clients serve it.</span>;
  const what = stored.hasSecret ? `Client id ${stored.oauthId} with its secret` : "An API key";
  return (
    <span class="row">
      <span>
        {what} for advertiser <code>{stored.advertiser}</code>
        {stored.changed !== null && `, stored ${formatMoment(stored.changed)}`}
      </span>
      {!stored.isActive && <Badge kind="warning">Not in use</Badge>}
    </span>
  );
}

interface FieldsProps {
  readonly draft: CredentialsDraft;
  readonly onChange: (draft: CredentialsDraft) => void;
}

function Fields({ draft, onChange }: FieldsProps): JSX.Element {
  const change = (changes: Partial<CredentialsDraft>): void => onChange({ ...draft, ...changes });
  return (
    <div class="stack">
      <div class="row">
        <Segments
          label="Kind of credentials"
          value={draft.kind}
          options={[
            ["key", "API key"],
            ["oauth", "Client id and secret"],
          ]}
          onChange={(kind) => change({ kind })}
        />
      </div>
      <div class="fields thirds">
        <Field
          label="Advertiser id of the credentials"
          required
          value={draft.advertiser}
          onInput={(advertiser) => change({ advertiser })}
        />
        {draft.kind === "key" ? (
          <Field
            label="API key"
            type="password"
            autocomplete="off"
            required
            value={draft.key}
            onInput={(key) => change({ key })}
          />
        ) : (
          <>
            <Field label="Client id" autocomplete="off" required value={draft.id} onInput={(id) => change({ id })} />
            <Field
              label="Client secret"
              type="password"
              autocomplete="off"
              required
              value={draft.secret}
              onInput={(secret) => change({ secret })}
            />
          </>
        )}
      </div>
      <Check label="In use" checked={draft.isActive} onChange={(isActive) => change({ isActive })} />
    </div>
  );
}

export function credentialsBody(draft: CredentialsDraft): NonNullable<NewSettings["vibe_credentials"]> {
  const { advertiser, kind, key, id, secret, isActive } = draft;
  const proof = kind === "key" ? { api_key: key } : { oauth_id: id.trim(), oauth_secret: secret };
  return { advertiser_id: advertiser.trim(), is_active: isActive, ...proof };
}
