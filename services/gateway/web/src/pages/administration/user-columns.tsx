import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { type Column } from "../../components/table";
import { formatAge, formatMoment } from "../../format/dates";
import { NOTHING } from "../../format/numbers";
import { type Sorting, sortedBy } from "../../state/sorting";
import { Status } from "./client-columns";
import { type Client, type User, byId } from "./directory";

type Sorts = "email" | "last_seen_at";
const NAMES: readonly Sorts[] = ["email"];
/** More clients of one user are counted. */
const NAMED = 1;

interface Given {
  readonly clients: readonly Client[] | undefined;
  readonly me: string | null;
  readonly sorting: Sorting<Sorts>;
  readonly onSort: (next: Sorting<Sorts>) => void;
  readonly onEdit: (user: User) => void;
  readonly onReset: (user: User) => void;
}

export function columnsOf({ clients, me, sorting, onSort, onEdit, onReset }: Given): readonly Column<User>[] {
  const sorted = (column: Sorts): Pick<Column<User>, "sorted" | "onSort"> => sortedBy(sorting, column, NAMES, onSort);
  return [
    { key: "email", title: "E-mail", ...sorted("email"), cell: (user) => <Email user={user} isMe={user.id === me} /> },
    { key: "role", title: "Role", cell: ({ role }) => roleName(role) },
    {
      key: "status",
      title: "Status",
      cell: (user) => <UserStatus user={user} />,
    },
    { key: "clients", title: "Clients", cell: (user) => <ClientNames user={user} clients={clients} /> },
    {
      key: "mfa",
      title: "Second factor",
      cell: (user) => (user.mfa_enabled === true ? "On" : <span class="muted">Off</span>),
    },
    { key: "seen", title: "Last seen", ...sorted("last_seen_at"), cell: (user) => <Seen at={user.last_seen_at} /> },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (user) => <Actions user={user} isMe={user.id === me} onEdit={onEdit} onReset={onReset} />,
    },
  ];
}

function roleName(role: string | null): string {
  return role === "admin" ? "Administrator" : "Client user";
}

function Email({ user, isMe }: { readonly user: User; readonly isMe: boolean }): JSX.Element {
  return (
    <span class="cell-name row">
      <Name text={user.email ?? ""} />
      {isMe && <Badge>You</Badge>}
    </span>
  );
}

function UserStatus({ user }: { readonly user: User }): JSX.Element {
  return (
    <span class="cell-name">
      <Status status={user.is_active === true ? "active" : "disabled"} />
      {user.must_change_password === true && <Badge kind="warning">Password due</Badge>}
    </span>
  );
}

function ClientNames({
  user,
  clients,
}: {
  readonly user: User;
  readonly clients: readonly Client[] | undefined;
}): JSX.Element {
  const ids = user.client_ids;
  if (user.role === "admin" && ids.length === 0) return <span class="muted">All</span>;
  if (ids.length === 0) return <span class="muted">None yet</span>;
  const names = ids.slice(0, NAMED).map((id) => byId(clients, id)?.name ?? "…");
  return (
    <span class="cell-name row">
      {names.map((name, index) => (
        <Name key={index} text={name} />
      ))}
      {ids.length > NAMED && <span class="muted">and {ids.length - NAMED} more</span>}
    </span>
  );
}

/** When they signed in or renewed their sign-in last. */
function Seen({ at }: { readonly at: string | null }): JSX.Element {
  if (at === null) return <span class="muted">{NOTHING}</span>;
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAge(at)}
    </time>
  );
}

interface ActionsProps {
  readonly user: User;
  readonly isMe: boolean;
  readonly onEdit: (user: User) => void;
  readonly onReset: (user: User) => void;
}

function Actions({ user, isMe, onEdit, onReset }: ActionsProps): JSX.Element {
  const email = user.email ?? "";
  return (
    <span class="cell-actions">
      <Button kind="quiet" label={`Edit ${email}`} onClick={() => onEdit(user)}>
        Edit
      </Button>
      {isMe ? (
        <Link class="button quiet-link" href="/account" label="Your own password: Account">
          Account
        </Link>
      ) : (
        // Another administrator's password is changed by nobody but them.
        user.role !== "admin" && (
          <Button kind="quiet" label={`Reset password of ${email}`} onClick={() => onReset(user)}>
            Reset password
          </Button>
        )
      )}
    </span>
  );
}
