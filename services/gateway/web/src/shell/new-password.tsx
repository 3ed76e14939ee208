import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { changePassword, signOut } from "../api/auth";
import { ApiError } from "../api/errors";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { ErrorNote } from "../components/notes";

interface NewPasswordFormProps {
  readonly onDone?: () => void;
}

/** Asks for the old and the new password; what is wrong with them stands at their fields. */
export function NewPasswordForm({ onDone }: NewPasswordFormProps): JSX.Element {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const fieldErrors = error instanceof ApiError ? error.fieldErrors : {};
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await changePassword(current, next);
      onDone?.();
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
      {error !== null && Object.keys(fieldErrors).length === 0 && <ErrorNote error={error} />}
      <Field
        label="Current password"
        type="password"
        autocomplete="current-password"
        required
        value={current}
        onInput={setCurrent}
        errors={fieldErrors.current_password}
        autofocus
      />
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        required
        value={next}
        onInput={setNext}
        errors={fieldErrors.new_password}
        hint="8 to 128 characters; common ones are refused"
      />
      <Button kind="primary" type="submit" busy={busy}>
        Change the password
      </Button>
    </form>
  );
}

/** The whole window, while the password is one that somebody else chose. */
export function NewPasswordPage(): JSX.Element {
  return (
    <main class="sign-in">
      <div class="card stack">
        <h1>Choose a password of your own</h1>
        <p class="muted">
          The one that you signed in with was chosen by an administrator. Until you change it nothing else answers.
        </p>
        <NewPasswordForm />
        <Button kind="quiet" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
    </main>
  );
}
