import { type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { errorsAt, useAction } from "../../api/action";
import { request } from "../../api/client";
import { invalidate } from "../../api/resource";
import { session } from "../../api/session";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { Form } from "../../components/form";
import { Skeleton } from "../../components/notes";
import { Secret } from "../../components/secret";
import { toast } from "../../components/toast";
import { saveText } from "../../format/files";

export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

interface EnrolmentProps {
  readonly enrolment: Enrolment;
  readonly onClose: () => void;
}

/** The secret into the app, a code of it back, and then the recovery codes. */
export function EnrolmentSteps({ enrolment, onClose }: EnrolmentProps): JSX.Element {
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState<readonly string[] | null>(null);
  const action = useAction(async () => {
    const { recovery_codes: codes } = await request("post", "/auth/mfa/verify", { body: { code: code.trim() } });
    setRecovery(codes.map((each) => each ?? ""));
  });
  if (recovery !== null) return <RecoveryCodes codes={recovery} onClose={onClose} />;
  return (
    <Dialog title="Put it into your app" onClose={onClose}>
      <Form action={action} submit="Switch it on" fields={["code"]} onCancel={onClose}>
        <p>Scan this with an authenticator app, or type the secret there. It is shown this once.</p>
        <QrCode uri={enrolment.uri} />
        <Secret label="Secret" text={spaced(enrolment.secret)} copies={enrolment.secret} />
        <Field
          label="Code"
          autocomplete="one-time-code"
          inputMode="numeric"
          required
          autofocus
          value={code}
          onInput={setCode}
          hint="What the app shows now"
          errors={errorsAt(action.error, "code")}
        />
      </Form>
    </Dialog>
  );
}

/** Groups of four are easier to type; apps leave out the spaces. */
function spaced(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/gu, "$1 ");
}

/** Dark on light whatever the theme is: not every app reads the other way around. */
function QrCode({ uri }: { readonly uri: string }): JSX.Element | null {
  const [drawn, draw] = useState<{ readonly size: number; readonly path: string } | null>(null);
  const [failed, fail] = useState(false);
  useEffect(() => {
    // Few people need it, once: it is loaded then.
    import("./qr").then(
      ({ qrOf }) => draw(qrOf(uri)),
      () => fail(true),
    );
  }, [uri]);
  if (failed) return <p class="muted">The picture could not be drawn: type the secret.</p>;
  if (drawn === null) return <Skeleton height={212} width="212px" />;
  return (
    <svg class="qr" viewBox={`0 0 ${drawn.size} ${drawn.size}`} role="img" aria-label="QR code of the secret">
      <path d={drawn.path} shape-rendering="crispEdges" />
    </svg>
  );
}

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

function RecoveryCodes({ codes, onClose }: RecoveryCodesProps): JSX.Element {
  const text = codes.join("\n");
  const done = (): void => {
    invalidate("/auth/me");
    toast("The second factor is on: the next sign-in asks for a code.");
    onClose();
  };
  return (
    <Dialog title="Keep your recovery codes" onClose={null}>
      <p>
        Each of them replaces a code of the app once, for when it is lost. Keep them where the telephone is not. They
        are not shown again.
      </p>
      <Secret label="Recovery codes" text={text} />
      <div class="dialog-actions">
        <Button onClick={() => saveText("tidemark-recovery-codes.txt", `${heading()}\n\n${text}\n`)}>Download</Button>
        <Button kind="primary" onClick={done}>
          I have kept them
        </Button>
      </div>
    </Dialog>
  );
}

function heading(): string {
  return `Tidemark recovery codes of ${session.peek()?.email ?? ""}`;
}
