import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Check } from "../../components/check";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { Select } from "../../components/select";
import { toast } from "../../components/toast";
import { currencies, timeZones } from "../../format/places";
import { type ClientDraft, USUAL, changesOf, draftOf, newClient } from "./client-draft";
import { type Client } from "./directory";
import { Logo } from "./logo";
import { UserPicker } from "./user-picker";

interface ClientFormProps {
  /** Null: a new one. */
  readonly client: Client | null;
  readonly onClose: () => void;
}

const FIELDS = ["name", "user_id", "currency", "timezone", "settings"];

export function ClientForm({ client, onClose }: ClientFormProps): JSX.Element {
  const [draft, setDraft] = useState(draftOf(client));
  const action = useAction(async () => {
    await save(client, draft);
    invalidate("/clients", "/users");
    toast(client === null ? "The client is added: set its CPM, then enable its sources." : "The client is changed.");
    onClose();
  });
  const change = (changes: Partial<ClientDraft>): void => setDraft({ ...draft, ...changes });
  return (
    <Dialog title={client === null ? "Add a client" : "Edit the client"} onClose={onClose}>
      <Form action={action} submit={client === null ? "Add" : "Save"} fields={FIELDS} onCancel={onClose}>
        <Field
          label="Name"
          required
          autofocus
          value={draft.name}
          onInput={(name) => change({ name })}
          errors={errorsAt(action.error, "name")}
        />
        <UserPicker
          value={draft.user}
          onChoose={(user) => change({ user })}
          errors={errorsAt(action.error, "user_id")}
        />
        <Money draft={draft} error={action.error} onChange={change} />
        <Check
          label="Its user sees media cost and margin"
          checked={draft.showCost}
          onChange={(showCost) => change({ showCost })}
          hint="Spend is seen in any case. Administrators see all three."
        />
        <Logo
          logo={draft.logo}
          onChange={(logo) => change({ logo })}
          errors={errorsAt(action.error, "settings.logo")}
        />
        <Thresholds draft={draft} error={action.error} onChange={change} />
      </Form>
    </Dialog>
  );
}

async function save(client: Client | null, draft: ClientDraft): Promise<void> {
  if (client === null) {
    await request("post", "/clients", { body: newClient(draft) });
    return;
  }
  const changes = changesOf(client, draft);
  if (changes !== null)
    await request("put", "/clients/{client_id}", { at: { client_id: client.id ?? "" }, body: changes });
}

interface PartProps {
  readonly draft: ClientDraft;
  readonly error: unknown;
  readonly onChange: (changes: Partial<ClientDraft>) => void;
}

function Money({ draft, error, onChange }: PartProps): JSX.Element {
  return (
    <div class="fields">
      <Select
        label="Currency"
        value={draft.currency}
        options={currencies(draft.currency)}
        onChange={(currency) => onChange({ currency })}
        hint="Stays once there are rows or CPMs in it"
        errors={errorsAt(error, "currency")}
      />
      <Select
        label="Time zone"
        value={draft.timezone}
        options={timeZones(draft.timezone)}
        onChange={(timezone) => onChange({ timezone })}
        hint="Of its days, and of the morning of reports"
        errors={errorsAt(error, "timezone")}
      />
    </div>
  );
}

function Thresholds({ draft, error, onChange }: PartProps): JSX.Element {
  return (
    <fieldset class="field">
      <legend>A campaign underperforms with</legend>
      <div class="fields thirds">
        <Field
          label="CTR below, %"
          inputMode="decimal"
          value={draft.ctrBelow}
          hint={`Usually ${USUAL.ctrBelow}`}
          onInput={(ctrBelow) => onChange({ ctrBelow })}
          errors={errorsAt(error, "settings.thresholds.ctr_below")}
        />
        <Field
          label={`Spend over, ${draft.currency}`}
          inputMode="decimal"
          value={draft.spendOver}
          hint={`Usually ${USUAL.spendOver}`}
          onInput={(spendOver) => onChange({ spendOver })}
          errors={errorsAt(error, "settings.thresholds.spend_over")}
        />
        <Field
          label="Conversions under"
          type="number"
          min="0"
          value={draft.conversionsUnder}
          hint={`Usually ${USUAL.conversionsUnder}`}
          onInput={(conversionsUnder) => onChange({ conversionsUnder })}
          errors={errorsAt(error, "settings.thresholds.conversions_under")}
        />
      </div>
    </fieldset>
  );
}
