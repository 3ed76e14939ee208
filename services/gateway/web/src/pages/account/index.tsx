import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { invalidate, useResource } from "../../api/resource";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Dialog } from "../../components/dialog";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { toast } from "../../components/toast";
import { formatDay } from "../../format/dates";
import { PageFrame } from "../../shell/frame";
import { NewPasswordForm } from "../../shell/new-password";
import { ApiKeys } from "./api-keys";
import { Appearance } from "./appearance";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";
import "./account.css";

/** Who somebody is here, how they prove it, and where they are signed in. */
export default function Account(): JSX.Element {
  return (
    <PageFrame title="Account">
      <div class="account">
        <div class="halves">
          <Profile />
          <Appearance />
        </div>
        <Sessions />
        <ApiKeys />
      </div>
    </PageFrame>
  );
}

function Profile(): JSX.Element {
  const me = useResource("/auth/me", {});
  return (
    <Card title="You">
      <Loaded resource={me} height={212}>
        {({ email, role, created_at: since, mfa_enabled: hasSecond, client_ids: clients }) => (
          <dl class="pairs card-body">
            <dt>E-mail</dt>
            <dd>
              <Name text={email} />
            </dd>
            <dt>Role</dt>
            <dd>{role === "admin" ? "Administrator" : "Client user"}</dd>
            <dt>Sees</dt>
            <dd>{role === "admin" ? "All clients" : <OwnClients count={clients.length} />}</dd>
            <dt>Since</dt>
            <dd>{formatDay(since)}</dd>
            <dt>Password</dt>
            <dd>
              <Password />
            </dd>
            <dt>Second factor</dt>
            <dd class="row">
              <Badge>{hasSecond ? "On" : "Off"}</Badge>
              <SecondFactor isOn={hasSecond} />
            </dd>
          </dl>
        )}
      </Loaded>
    </Card>
  );
}

/** By their names, as soon as those are there. */
function OwnClients({ count }: { readonly count: number }): JSX.Element {
  const found = useResource("/clients/active", { query: { page_size: 500 } }).data?.data;
  if (count === 0) return <span class="muted">No client yet: ask an administrator.</span>;
  if (found === undefined) return <span>{count === 1 ? "One client" : `${count} clients`}</span>;
  return (
    <ul class="row">
      {found.map(({ id, name }) => (
        <li key={id} class="cell-name">
          <Name text={name ?? ""} />
        </li>
      ))}
    </ul>
  );
}

function Password(): JSX.Element {
  const [isOpen, open] = useState(false);
  const done = (): void => {
    open(false);
    invalidate("/auth");
    toast("The password is changed; your other sessions ended.");
  };
  return (
    <>
      <Button onClick={() => open(true)}>Change it</Button>
      {isOpen && (
        <Dialog title="Change your password" onClose={() => open(false)}>
          <p class="muted">Your other sessions end with it; this one goes on. API keys stay.</p>
          <NewPasswordForm onDone={done} />
        </Dialog>
      )}
    </>
  );
}
