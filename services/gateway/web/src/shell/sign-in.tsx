import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { signIn } from "../api/auth";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Logo } from "../components/icons";
import { ErrorNote } from "../components/notes";

interface SignInFormProps {
  /** Where somebody comes back to a page: it stays theirs. */
  readonly email?: string;
}

/** E-mail and password, then the code of the app where one is asked for. */
export function SignInForm({ email: known = "" }: SignInFormProps): JSX.Element {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const done = await signIn({ email, password, ...(code === null ? {} : { code: code.trim() }) });
      if (!done) setCode("");
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {error !== null && <ErrorNote error={error} />}
      {code === null ? (
        <Passwords known={known} email={email} onEmail={setEmail} password={password} onPassword={setPassword} />
      ) : (
        <Field
          label="Code"
          autocomplete="one-time-code"
          required
          autofocus
          value={code}
          onInput={setCode}
          hint="What your authenticator app shows now, or a recovery code"
        />
      )}
      <Button kind="primary" type="submit" busy={busy}>
        {code === null ? "Sign in" : "Go on"}
      </Button>
      {code !== null && (
        <Button kind="quiet" onClick={() => setCode(null)}>
          Back
        </Button>
      )}
    </form>
  );
}

interface PasswordsProps {
  readonly known: string;
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly password: string;
  readonly onPassword: (password: string) => void;
}

function Passwords({ known, email, onEmail, password, onPassword }: PasswordsProps): JSX.Element {
  return (
    <>
      <Field
        label="E-mail"
        type="email"
        autocomplete="username"
        required
        value={email}
        onInput={onEmail}
        readOnly={known !== ""}
        autofocus={known === ""}
      />
      <Field
        label="Password"
        type="password"
        autocomplete="current-password"
        required
        value={password}
        onInput={onPassword}
        autofocus={known !== ""}
      />
    </>
  );
}

/** The whole window, while nobody is signed in. The address stays: it is what is shown afterwards. */
export function SignInPage(): JSX.Element {
  return (
    <main class="sign-in">
      <div class="card stack">
        <div class="brand">
          <Logo />
          Tidemark
        </div>
        <h1>Sign in</h1>
        <SignInForm />
      </div>
    </main>
  );
}
