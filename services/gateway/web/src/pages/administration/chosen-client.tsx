import { type ComponentChildren, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Loaded } from "../../components/card";
import { Empty } from "../../components/notes";
import { Picker } from "../../components/picker";
import { place } from "../../state/location";
import { useView } from "../../state/view";
import { Link } from "../../components/link";
import { type Client, byId, useClients } from "./directory";
import { RATES, tabHref } from "./state";

interface ChosenClientProps {
  readonly height: number;
  readonly children: (client: Client, picker: JSX.Element) => ComponentChildren;
}

/** What is of one client, active or not: the one in the address, or the first. */
export function ChosenClient({ height, children }: ChosenClientProps): JSX.Element {
  const { state, change } = useView(RATES);
  const clients = useClients();
  const rows = clients.data?.data;
  const chosen = byId(rows, state.client);
  const first = rows?.[0]?.id ?? null;
  useEffect(() => {
    // Also where the address names a client that is not there any more.
    if (rows !== undefined && chosen === null && first !== null) change({ client: first }, { replace: true });
  }, [rows, chosen, first]);
  return (
    <Loaded resource={clients} height={height}>
      {({ data }) => {
        if (data.length === 0) return <NoClient />;
        return chosen === null ? null : children(chosen, <ClientPicker clients={data} chosen={chosen} />);
      }}
    </Loaded>
  );
}

function ClientPicker({
  clients,
  chosen,
}: {
  readonly clients: readonly Client[];
  readonly chosen: Client;
}): JSX.Element {
  const { change } = useView(RATES);
  return (
    <Picker
      label="Client"
      value={chosen.id}
      choices={clients.map((client) => choiceOf(client))}
      onChoose={(client) => change({ client })}
    />
  );
}

export function choiceOf(client: Client): { value: string; text: string; detail: string } {
  const currency = client.currency ?? "";
  return {
    value: client.id ?? "",
    text: client.name ?? "",
    detail: client.status === "active" ? currency : `${currency}, disabled`,
  };
}

function NoClient(): JSX.Element {
  return (
    <Empty title="There is no client yet">
      <p>
        <Link href={tabHref(place.value.query, "clients")}>Add one</Link> first.
      </p>
    </Empty>
  );
}
