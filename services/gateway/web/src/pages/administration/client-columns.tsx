import { type JSX } from "preact";
import { Button } from "../../components/button";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { type Column } from "../../components/table";
import { formatDay } from "../../format/dates";
import { NOTHING } from "../../format/numbers";
import { sourceName } from "../../shell/scope-bar";
import { place } from "../../state/location";
import { type Sorting, sortedBy } from "../../state/sorting";
import { type Client, type User, emailOf } from "./directory";
import { formatCpm } from "./cpm";
import { tabHref } from "./state";

type Sorts = "name" | "created_at" | "status";
const NAMES: readonly Sorts[] = ["name", "status"];

interface Given {
  readonly users: readonly User[] | undefined;
  readonly sorting: Sorting<Sorts>;
  readonly onSort: (next: Sorting<Sorts>) => void;
  readonly onEdit: (client: Client) => void;
  readonly onStatus: (client: Client) => void;
}

export function columnsOf({ users, sorting, onSort, onEdit, onStatus }: Given): readonly Column<Client>[] {
  const sorted = (column: Sorts): Pick<Column<Client>, "sorted" | "onSort"> => sortedBy(sorting, column, NAMES, onSort);
  return [
    { key: "name", title: "Client", ...sorted("name"), cell: (client) => <ClientName client={client} /> },
    { key: "status", title: "Status", ...sorted("status"), cell: ({ status }) => <Status status={status} /> },
    { key: "user", title: "Seen by", cell: (client) => <Viewer client={client} users={users} /> },
    {
      key: "account",
      title: "Currency, time zone",
      cell: ({ currency, timezone }) => `${currency ?? ""}, ${timezone ?? ""}`,
    },
    { key: "cpm", title: "CPM today", kind: "number", cell: (client) => <Cpm client={client} /> },
    { key: "created", title: "Since", ...sorted("created_at"), cell: ({ created_at: at }) => formatDay(at) },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (client) => <Actions client={client} onEdit={onEdit} onStatus={onStatus} />,
    },
  ];
}

function ClientName({ client }: { readonly client: Client }): JSX.Element {
  return (
    <span class="cell-name">
      <Name text={client.name ?? ""} />
    </span>
  );
}

interface ViewerProps {
  readonly client: Client;
  readonly users: readonly User[] | undefined;
}

function Viewer({ client, users }: ViewerProps): JSX.Element {
  const { user_id: user, settings } = client;
  if (user === null) return <span class="muted">Administrators</span>;
  return (
    <span class="cell-name">
      <Name text={emailOf(users, user)} />
      {settings?.show_media_cost === true && <Badge>Sees cost</Badge>}
    </span>
  );
}

/** Of a client or a user. */
export function Status({ status }: { readonly status: string | null }): JSX.Element {
  return status === "active" ? <Badge>Active</Badge> : <Badge kind="warning">Disabled</Badge>;
}

/** The general one, and how many sources have their own; a way to their history. */
function Cpm({ client }: { readonly client: Client }): JSX.Element {
  const { currency } = client;
  const own = Object.entries(client.cpm_by_source ?? {});
  const general = client.cpm?.cpm ?? null;
  const text = general === null ? (own.length === 0 ? "Unpriced" : NOTHING) : formatCpm(general, currency);
  return (
    <Link href={tabHref(place.value.query, "rates", { client: client.id })}>
      {text}
      {own.map(([source, rate]) => (
        <span key={source} class="muted small">
          {` · ${sourceName(source)} ${formatCpm((rate as { cpm?: number | null } | null)?.cpm ?? null, currency)}`}
        </span>
      ))}
      <span class="visually-hidden">: CPMs of {client.name}</span>
    </Link>
  );
}

interface ActionsProps {
  readonly client: Client;
  readonly onEdit: (client: Client) => void;
  readonly onStatus: (client: Client) => void;
}

function Actions({ client, onEdit, onStatus }: ActionsProps): JSX.Element {
  const name = client.name ?? "";
  return (
    <span class="cell-actions">
      <Link
        class="button quiet-link"
        href={tabHref(place.value.query, "sources", { client: client.id })}
        label={`Sources of ${name}`}
      >
        Sources
      </Link>
      <Button kind="quiet" label={`Edit ${name}`} onClick={() => onEdit(client)}>
        Edit
      </Button>
      <Button
        kind="quiet"
        label={`${client.status === "active" ? "Disable" : "Enable"} ${name}`}
        onClick={() => onStatus(client)}
      >
        {client.status === "active" ? "Disable" : "Enable"}
      </Button>
    </span>
  );
}
