import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { type Answer, type Body, request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { Name } from "../../components/name";
import { Note } from "../../components/notes";
import { Select } from "../../components/select";
import { toast } from "../../components/toast";
import { sourceName } from "../../shell/scope-bar";
import { SOURCES, type Source } from "../../state/view";
import { formatCpm } from "./cpm";
import { type Client } from "./directory";
import { Effect, type RateEffect } from "./effect";
import { type Rate } from "./timeline";

interface RateFormProps {
  readonly client: Client;
  readonly rates: readonly Rate[];
  readonly today: string;
  readonly onClose: () => void;
}

interface Draft {
  readonly cpm: string;
  readonly from: string;
  readonly source: Source | "all";
}

const FIELDS = ["cpm", "effective_date", "source"];

/** Sets a CPM, in two steps: what it would do, then that it is done. Another value asks for the first step again. */
export function RateForm({ client, rates, today, onClose }: RateFormProps): JSX.Element {
  const [draft, setDraft] = useState<Draft>({ cpm: "", from: today, source: "all" });
  const [effect, setEffect] = useState<RateEffect | null>(null);
  const action = useAction(async (key) => {
    if (effect === null) {
      setEffect(await put(client, draft, { preview: true }));
      return;
    }
    await put(client, draft, { key });
    invalidate();
    toast(`The CPM is set.${(effect.rows ?? 0) > 0 ? " Spend is priced anew shortly." : ""}`);
    onClose();
  });
  const change = (changes: Partial<Draft>): void => {
    setDraft({ ...draft, ...changes });
    setEffect(null);
    action.forget();
  };
  const replaced = rates.find(({ source, from }) => from === draft.from && (source ?? "all") === draft.source);
  return (
    <Dialog title="Set a CPM" onClose={onClose}>
      <Form
        action={action}
        submit={effect === null ? "See what changes" : "Set the CPM"}
        fields={FIELDS}
        onCancel={onClose}
      >
        <p class="muted">
          Per 1,000 impressions, in {client.currency}, for <Name text={client.name ?? ""} />
        </p>
        <Fields draft={draft} error={action.error} onChange={change} />
        {replaced !== undefined && (
          <Note kind="warning">It replaces the CPM of this day, {formatCpm(replaced.cpm, client.currency)}.</Note>
        )}
        {effect !== null && <Effect effect={effect} currency={client.currency} />}
      </Form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly error: unknown;
  readonly onChange: (changes: Partial<Draft>) => void;
}

function Fields({ draft, error, onChange }: FieldsProps): JSX.Element {
  return (
    <>
      <div class="fields">
        <Field
          label="CPM"
          inputMode="decimal"
          required
          autofocus
          value={draft.cpm}
          onInput={(cpm) => onChange({ cpm })}
          hint="At most 4 decimals"
          errors={errorsAt(error, "cpm")}
        />
        <Field
          label="From"
          type="date"
          required
          value={draft.from}
          onInput={(from) => onChange({ from })}
          hint="The account's day"
          errors={errorsAt(error, "effective_date")}
        />
      </div>
      <Select
        label="For"
        value={draft.source}
        options={[
          ["all", "All sources without their own"],
          ...SOURCES.map((each) => [each, sourceName(each)] as const),
        ]}
        onChange={(source) => onChange({ source })}
        hint={
          draft.source === "all"
            ? "Sources with a CPM of their own keep it."
            : "From its first own CPM on, a source does not follow the general one any more."
        }
        errors={errorsAt(error, "source")}
      />
    </>
  );
}

/** The number goes as it was typed: it is exact there. */
function bodyOf({ cpm, from, source }: Draft): Body<"/clients/{client_id}/cpm", "post"> {
  return { cpm: cpm.trim(), effective_date: from, source: source === "all" ? null : source };
}

interface How {
  readonly preview?: boolean;
  readonly key?: string;
}

async function put(client: Client, draft: Draft, { preview = false, key }: How): Promise<RateEffect> {
  const answer = await request("post", "/clients/{client_id}/cpm", {
    at: { client_id: client.id ?? "" },
    query: { preview },
    body: bodyOf(draft),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  return effectOf(answer);
}

/** Told at once by a preview, and as a part of what was done. */
export function effectOf(
  answer: Answer<"/clients/{client_id}/cpm", "post"> | Answer<"/clients/{client_id}/cpm/{rate_id}", "delete">,
): RateEffect {
  if ("preview" in answer) return answer;
  return answer.effect ?? { rows: 0, days: 0, first_day: null, last_day: null };
}
