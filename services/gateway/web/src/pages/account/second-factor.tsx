import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { toast } from "../../components/toast";
import { type Enrolment, EnrolmentSteps } from "./enrolment";

/** Switches a second factor on, or off again. */
export function SecondFactor({ isOn }: { readonly isOn: boolean }): JSX.Element {
  const [opened, open] = useState<"on" | "off" | null>(null);
  const close = (): void => open(null);
  return (
    <>
      <Button onClick={() => open(isOn ? "off" : "on")}>{isOn ? "Switch it off" : "Set it up"}</Button>
      {opened === "on" && <SwitchOn onClose={close} />}
      {opened === "off" && <SwitchOff onClose={close} />}
    </>
  );
}

interface StepProps {
  readonly onClose: () => void;
}

function SwitchOn({ onClose }: StepProps): JSX.Element {
  const [password, setPassword] = useState("");
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const action = useAction(async () => {
    const { secret, otpauth_uri: uri } = await request("post", "/auth/mfa/enroll", { body: { password } });
    setEnrolment({ secret: secret ?? "", uri: uri ?? "" });
  });
  if (enrolment !== null) return <EnrolmentSteps enrolment={enrolment} onClose={onClose} />;
  return (
    <Dialog title="Set up a second factor" onClose={onClose}>
      <Form action={action} submit="Go on" fields={["password"]} onCancel={onClose}>
        <p class="muted">
          With an authenticator app on your telephone each sign-in needs a code of it beside the password.
        </p>
        <Field
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          value={password}
          onInput={setPassword}
          errors={errorsAt(action.error, "password")}
        />
      </Form>
    </Dialog>
  );
}

function SwitchOff({ onClose }: StepProps): JSX.Element {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const action = useAction(async () => {
    await request("delete", "/auth/mfa", { body: { password, code: code.trim() } });
    invalidate("/auth/me");
    toast("The second factor is off.");
    onClose();
  });
  return (
    <Dialog title="Switch off the second factor" onClose={onClose}>
      <Form action={action} submit="Switch it off" kind="danger" fields={["password", "code"]} onCancel={onClose}>
        <p class="muted">
          Your password alone is enough to sign in then. Recovery codes are good for nothing any more.
        </p>
        <Field
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          value={password}
          onInput={setPassword}
          errors={errorsAt(action.error, "password")}
        />
        <Field
          label="Code"
          autocomplete="one-time-code"
          required
          value={code}
          onInput={setCode}
          hint="What your authenticator app shows now, or a recovery code"
          errors={errorsAt(action.error, "code")}
        />
      </Form>
    </Dialog>
  );
}
