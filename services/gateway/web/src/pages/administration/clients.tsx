import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { useResource } from "../../api/resource";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { SearchField } from "../../components/search-field";
import { Select } from "../../components/select";
import { Table } from "../../components/table";
import { useView } from "../../state/view";
import { ClientForm } from "./client-form";
import { ClientStatus } from "./client-status";
import { columnsOf } from "./client-columns";
import { type Client, useUsers, withNames } from "./directory";
import { CLIENTS, PAGE_SIZE } from "./state";

type Opened = { readonly what: "new" } | { readonly what: "edit" | "status"; readonly client: Client };

export function ClientsTab(): JSX.Element {
  const { state, change } = useView(CLIENTS);
  const [opened, open] = useState<Opened | null>(null);
  const users = useUsers();
  const { name, status, sort, order, page } = state;
  const found = useResource("/clients", {
    query: { name: name === "" ? null : name, status, sort_by: sort, order, page, page_size: PAGE_SIZE },
  });
  const columns = columnsOf({
    users: users.data?.data,
    sorting: state,
    onSort: (next) => change({ ...next, page: 1 }),
    onEdit: (client) => open({ what: "edit", client }),
    onStatus: (client) => open({ what: "status", client }),
  });
  return (
    <Card title="Clients" controls={<Filters onAdd={() => open({ what: "new" })} />}>
      <Loaded resource={withNames(found, users)} height={320}>
        {({ data, total }) => (
          <>
            <Table caption="List of clients" columns={columns} rows={data} rowKey={(row) => row.id ?? ""} />
            {data.length === 0 && <NoClients isFiltered={name !== "" || status !== null} />}
            <Pager
              label="Pages of clients"
              page={page}
              pageSize={PAGE_SIZE}
              total={total ?? 0}
              onPage={(next) => change({ page: next })}
            />
          </>
        )}
      </Loaded>
      {opened?.what === "new" && <ClientForm client={null} onClose={() => open(null)} />}
      {opened?.what === "edit" && <ClientForm client={opened.client} onClose={() => open(null)} />}
      {opened?.what === "status" && <ClientStatus client={opened.client} onClose={() => open(null)} />}
    </Card>
  );
}

function Filters({ onAdd }: { readonly onAdd: () => void }): JSX.Element {
  const { state, change } = useView(CLIENTS);
  return (
    <div class="row">
      <SearchField
        label="Name contains"
        value={state.name}
        onSearch={(name) => change({ name, page: 1 }, { replace: true })}
      />
      <Select
        inBar
        label="Status"
        value={state.status ?? "all"}
        options={[
          ["all", "Active and disabled"],
          ["active", "Active"],
          ["disabled", "Disabled"],
        ]}
        onChange={(status) => change({ status: status === "all" ? null : status, page: 1 })}
      />
      <Button kind="primary" onClick={onAdd}>
        Add a client
      </Button>
    </div>
  );
}

function NoClients({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  return isFiltered ? (
    <Empty title="No client is like this">
      <p>Search for another part of the name, or take the filter away.</p>
    </Empty>
  ) : (
    <Empty title="There is no client yet">
      <p>Add one; then say how its sources are read, and set its CPM.</p>
    </Empty>
  );
}
