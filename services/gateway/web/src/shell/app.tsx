import { type ComponentType, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isAdmin, signOut } from "../api/auth";
import { expired, session } from "../api/session";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { Empty, Note, Skeleton } from "../components/notes";
import { Toasts } from "../components/toast";
import { type Page, pageAt } from "../pages/routes";
import { place } from "../state/location";
import { PageFrame } from "./frame";
import { Navigation } from "./navigation";
import { NewPasswordPage } from "./new-password";
import { SignInForm, SignInPage } from "./sign-in";

export function App(): JSX.Element {
  const known = session.value;
  if (known === null) return <SignInPage />;
  if (known.mustChangePassword) return <NewPasswordPage />;
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the page
      </a>
      <div class="shell">
        <Navigation />
        <main class="main" id="main" tabIndex={-1}>
          <OpenPage />
        </main>
      </div>
      <Toasts />
      {expired.value && <PasswordPrompt email={known.email} />}
    </>
  );
}

function OpenPage(): JSX.Element {
  const page = pageAt(place.value.path);
  if (page === null || (page.adminOnly === true && !isAdmin(session.value))) {
    return (
      <PageFrame title="Not here">
        <Empty title="There is no such page, or it is for administrators" />
      </PageFrame>
    );
  }
  return <Loading key={page.path} page={page} />;
}

/** A page is loaded when it is opened for the first time. */
function Loading({ page }: { readonly page: Page }): JSX.Element {
  const [loaded, setLoaded] = useState<{ readonly Content: ComponentType } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    page.load().then(
      (module) => setLoaded({ Content: module.default }),
      () => setFailed(true),
    );
  }, [page]);
  if (loaded !== null) return <loaded.Content />;
  return (
    <PageFrame title={page.title}>
      {failed ? (
        <Note kind="warning">
          <p>This page could not be loaded. Perhaps there is a newer version of it.</p>
          <Button onClick={() => window.location.reload()}>Load it again</Button>
        </Note>
      ) : (
        <Skeleton height={480} />
      )}
    </PageFrame>
  );
}

/** Over the page, which stays as it is; requests that were refused are sent again afterwards. */
function PasswordPrompt({ email }: { readonly email: string }): JSX.Element {
  return (
    <Dialog title="Your session ended" onClose={null}>
      <p class="muted">Give your password to go on where you are.</p>
      <SignInForm email={email} />
      <Button kind="quiet" onClick={() => void signOut()}>
        Sign in as somebody else
      </Button>
    </Dialog>
  );
}
