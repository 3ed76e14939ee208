import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Check } from "../../components/check";
import { Dialog } from "../../components/dialog";
import { Form } from "../../components/form";
import { Name } from "../../components/name";
import { type User } from "./directory";
import { HandedOver } from "./new-password";
import { HandOver } from "./new-user";
import { madePassword } from "./passwords";

interface ResetPasswordProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Gives a user another password; they are signed out everywhere. */
export function ResetPassword({ user, onClose }: ResetPasswordProps): JSX.Element {
  const [password, setPassword] = useState(madePassword);
  const [mustChange, setMustChange] = useState(true);
  const [resetMfa, setResetMfa] = useState(false);
  const [isDone, setDone] = useState(false);
  const action = useAction(async () => {
    await request("post", "/auth/reset-password/{user_id}", {
      at: { user_id: user.id ?? "" },
      body: { new_password: password, must_change_password: mustChange, reset_mfa: resetMfa },
    });
    invalidate("/users");
    setDone(true);
  });
  const email = user.email ?? "";
  // They had clients before or not: what they see does not change.
  if (isDone)
    return <HandOver title="The password is reset" email={email} password={password} role="admin" onClose={onClose} />;
  return (
    <Dialog title="Reset the password" onClose={onClose}>
      <Form action={action} submit="Reset" kind="danger" fields={["new_password"]} onCancel={onClose}>
        <p>
          <Name text={email} /> is signed out everywhere, and signs in with this password from now on.
        </p>
        <HandedOver
          label="New password"
          password={password}
          onPassword={setPassword}
          mustChange={mustChange}
          onMustChange={setMustChange}
          errors={errorsAt(action.error, "new_password")}
        />
        {user.mfa_enabled === true && (
          <Check
            label="Switch off their second factor, too"
            checked={resetMfa}
            onChange={setResetMfa}
            hint="For somebody who lost their authenticator app and recovery codes. Be sure that it is them."
          />
        )}
      </Form>
    </Dialog>
  );
}
