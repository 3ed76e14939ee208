import { type JSX } from "preact";
import { useResource } from "../api/resource";
import { Picker } from "../components/picker";

const MOST_CLIENTS = 500;

interface ClientFilterProps {
  readonly client: string | null;
  readonly onChange: (client: string | null) => void;
  /** What stands for no client: “All clients”. */
  readonly none?: string;
}

/** Which client a list is about, where it may be about all of them. */
export function ClientFilter({ client, onChange, none = "All clients" }: ClientFilterProps): JSX.Element {
  const { data } = useActiveClients();
  const choices = (data?.data ?? []).map((each) => ({
    value: each.id ?? "",
    text: each.name ?? "",
    detail: each.currency ?? "",
  }));
  return <Picker label="Client" value={client} none={none} choices={choices} onChoose={onChange} />;
}

export function useActiveClients(): ReturnType<typeof useResource<"/clients/active">> {
  return useResource("/clients/active", { query: { page_size: MOST_CLIENTS } });
}

/** Client → its currency, of those that are known here. */
export function useCurrencies(): (client: string | null) => string | null {
  const { data } = useActiveClients();
  return (client) => data?.data.find((each) => each.id === client)?.currency ?? null;
}
