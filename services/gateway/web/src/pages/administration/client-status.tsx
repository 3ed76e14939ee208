import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer, request } from "../../api/client";
import { type Resource, invalidate, useResource } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Ask } from "../../components/ask";
import { Check } from "../../components/check";
import { Name } from "../../components/name";
import { Skeleton } from "../../components/notes";
import { toast } from "../../components/toast";
import { type Client, type User, otherClients, useClients } from "./directory";

interface ClientStatusProps {
  readonly client: Client;
  readonly onClose: () => void;
}

/** Disables a client, or makes it active again; says before what that does to its user. */
export function ClientStatus({ client, onClose }: ClientStatusProps): JSX.Element {
  const { user_id: id } = client;
  const user = useResource("/users/{user_id}", id === null ? null : { at: { user_id: id } });
  return client.status === "active" ? (
    <Disable client={client} user={user} onClose={onClose} />
  ) : (
    <Enable client={client} user={user.data} onClose={onClose} />
  );
}

interface DisableProps extends ClientStatusProps {
  readonly user: Resource<User>;
}

function Disable({ client, user, onClose }: DisableProps): JSX.Element {
  const [key] = useState(uniqueId);
  const work = async (): Promise<void> => {
    const done = await toggle(client, "disabled", key);
    toast(done.user_disabled === true ? "The client and its user are disabled." : "The client is disabled.");
  };
  return (
    <Ask title="Disable the client?" action="Disable" kind="danger" onDo={work} onClose={onClose}>
      <p>
        <Name text={client.name ?? ""} />
      </p>
      <ul class="bullets">
        <li>Its data stay, with its settings and CPMs.</li>
        <li>Nothing is pulled for it any more, and no report is sent.</li>
        <li>
          {client.user_id === null ? "Nobody but administrators sees it now." : <Fate client={client} user={user} />}
        </li>
      </ul>
    </Ask>
  );
}

/** What becomes of the client's user, as the API decides it when it is done. */
function Fate({ client, user }: { readonly client: Client; readonly user: Resource<User> }): JSX.Element {
  const clients = useClients();
  if (user.error !== null || clients.error !== null) return <>What becomes of its user could not be read.</>;
  if (user.data === null || clients.data === null) return <Skeleton height={20} />;
  const { email, role, is_active: isActive } = user.data;
  const name = <Name text={email ?? ""} />;
  if (role === "admin") return <>{name} is an administrator and goes on.</>;
  if (isActive !== true) return <>{name}, who may see it, is disabled already.</>;
  const others = otherClients(user.data, clients.data.data, client.id).length;
  if (others > 0) {
    return (
      <>
        {name} does not see it any more, and keeps {others === 1 ? "one other client" : `${others} other clients`}.
      </>
    );
  }
  return (
    <>
      It is the last active client of {name}, who is <strong>disabled with it</strong> and signed out everywhere.
    </>
  );
}

interface EnableProps extends ClientStatusProps {
  readonly user: User | null;
}

function Enable({ client, user, onClose }: EnableProps): JSX.Element {
  const isOut = user !== null && user.is_active !== true;
  const [also, setAlso] = useState(true);
  const [key] = useState(uniqueId);
  const work = async (): Promise<void> => {
    await toggle(client, "active", key);
    if (isOut && also) {
      await request("patch", "/users/{user_id}", { at: { user_id: user.id ?? "" }, body: { is_active: true } });
      invalidate("/users");
    }
    toast("The client is active again.");
  };
  return (
    <Ask title="Enable the client?" action="Enable" onDo={work} onClose={onClose}>
      <p>
        <Name text={client.name ?? ""} />
      </p>
      <p>What is missing since it was disabled is not pulled by itself: ask for it with a backfill.</p>
      {isOut && (
        <Check
          label={`Enable ${user.email ?? "its user"}, too`}
          checked={also}
          onChange={setAlso}
          hint="Their user is disabled; nobody is made active again with a client."
        />
      )}
    </Ask>
  );
}

async function toggle(
  client: Client,
  status: "active" | "disabled",
  key: string,
): Promise<Answer<"/clients/{client_id}/toggle", "post">> {
  const done = await request("post", "/clients/{client_id}/toggle", {
    at: { client_id: client.id ?? "" },
    body: { status },
    idempotencyKey: key,
  });
  invalidate("/clients", "/users", "/dashboard");
  return done;
}
