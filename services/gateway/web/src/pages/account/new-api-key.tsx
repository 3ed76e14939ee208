import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Button } from "../../components/button";
import { Checks } from "../../components/check";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { Secret } from "../../components/secret";
import { Select } from "../../components/select";
import { todayIn } from "../../state/ranges";
import { EXPIRIES, type Expiry, expiresAt } from "./expiry";

type Scope = "read" | "upload";
const SCOPES = [
  ["read", "Read all that you see"],
  ["upload", "Send uploads"],
] as const satisfies readonly (readonly [Scope, string])[];

/** Adds a key; then it is there to be taken along, until it is closed. */
export function NewApiKey({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const today = todayIn(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [day, setDay] = useState(today);
  const [key, setKey] = useState<string | null>(null);
  const action = useAction(async () => {
    const made = await request("post", "/auth/api-keys", {
      body: { name, scopes: [...scopes], expires_at: expiresAt(expiry, day) },
    });
    invalidate("/auth/api-keys");
    setKey(made.key ?? "");
  });
  if (key !== null) return <Shown text={key} onClose={onClose} />;
  return (
    <Dialog title="Add an API key" onClose={onClose}>
      <Form action={action} submit="Add" fields={["name", "scopes", "expires_at"]} onCancel={onClose}>
        <Field
          label="Name"
          required
          autofocus
          value={name}
          onInput={setName}
          hint="What it is for"
          errors={errorsAt(action.error, "name")}
        />
        <Checks
          label="It may"
          values={scopes}
          options={SCOPES}
          onChange={setScopes}
          errors={errorsAt(action.error, "scopes")}
        />
        <Select
          label="Good for"
          value={expiry}
          options={EXPIRIES}
          onChange={setExpiry}
          errors={errorsAt(action.error, "expires_at")}
        />
        {expiry === "day" && <Field label="Last day" type="date" required min={today} value={day} onInput={setDay} />}
      </Form>
    </Dialog>
  );
}

function Shown({ text, onClose }: { readonly text: string; readonly onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Your new API key" onClose={null}>
      <p>Copy it to where it is used: it is not shown again.</p>
      <Secret label="API key" text={text} />
      <p class="muted small">
        Send it as <code>Authorization: Bearer tmk_…</code>
      </p>
      <div class="dialog-actions">
        <Button kind="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </Dialog>
  );
}
