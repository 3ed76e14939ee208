import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { Name } from "../../components/name";
import { Secret } from "../../components/secret";
import { Select } from "../../components/select";
import { HandedOver } from "./new-password";
import { madePassword } from "./passwords";
import { ROLES } from "./user-form";

type Role = (typeof ROLES)[number][0];

/** Adds a user; then their password is there to be handed over, until it is closed. */
export function NewUser({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("client");
  const [password, setPassword] = useState(madePassword);
  const [mustChange, setMustChange] = useState(true);
  const [isDone, setDone] = useState(false);
  const action = useAction(async () => {
    await request("post", "/auth/register", { body: { email, role, password, must_change_password: mustChange } });
    invalidate("/users");
    setDone(true);
  });
  if (isDone)
    return <HandOver title="The user is added" email={email} password={password} role={role} onClose={onClose} />;
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <Form action={action} submit="Add" fields={["email", "password", "role"]} onCancel={onClose}>
        <Field
          label="E-mail"
          type="email"
          autocomplete="off"
          required
          autofocus
          value={email}
          onInput={setEmail}
          errors={errorsAt(action.error, "email")}
        />
        <Select label="Role" value={role} options={ROLES} onChange={setRole} errors={errorsAt(action.error, "role")} />
        <HandedOver
          label="Password"
          password={password}
          onPassword={setPassword}
          mustChange={mustChange}
          onMustChange={setMustChange}
          errors={errorsAt(action.error, "password")}
        />
      </Form>
    </Dialog>
  );
}

interface HandOverProps {
  readonly title: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
  readonly onClose: () => void;
}

/** What has to be told to the user. Not closed by accident: it is not shown again. */
export function HandOver({ title, email, password, role, onClose }: HandOverProps): JSX.Element {
  return (
    <Dialog title={title} onClose={null}>
      <p>
        Tell <Name text={email} /> this password, not by e-mail if you can help it. It is not shown again.
      </p>
      <Secret label="Password" text={password} />
      {role === "client" && (
        <p class="muted">They see nothing until a client is theirs: edit the client and say who sees it.</p>
      )}
      <div class="dialog-actions">
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
