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
import { type User, useClients, withNames } from "./directory";
import { NewUser } from "./new-user";
import { ResetPassword } from "./reset-password";
import { PAGE_SIZE, USERS } from "./state";
import { columnsOf } from "./user-columns";
import { UserForm } from "./user-form";

type Opened = { readonly what: "new" } | { readonly what: "edit" | "reset"; readonly user: User };

export function UsersTab(): JSX.Element {
  const { state, change } = useView(USERS);
  const [opened, open] = useState<Opened | null>(null);
  const clients = useClients();
  const me = useResource("/auth/me", {});
  const { email, role, status, sort, order, page } = state;
  const isActive = status === null ? null : status === "active";
  const found = useResource("/users", {
    query: {
      email: email === "" ? null : email,
      role,
      is_active: isActive,
      sort_by: sort,
      order,
      page,
      page_size: PAGE_SIZE,
    },
  });
  const columns = columnsOf({
    clients: clients.data?.data,
    me: me.data?.id ?? null,
    sorting: state,
    onSort: (next) => change({ ...next, page: 1 }),
    onEdit: (user) => open({ what: "edit", user }),
    onReset: (user) => open({ what: "reset", user }),
  });
  return (
    <Card title="Users" controls={<Filters onAdd={() => open({ what: "new" })} />}>
      <Loaded resource={withNames(found, clients, me)} height={320}>
        {({ data, total }) => (
          <>
            <Table caption="List of users" columns={columns} rows={data} rowKey={(row) => row.id ?? ""} />
            {data.length === 0 && <Empty title="No user is like this" />}
            <Pager
              label="Pages of users"
              page={page}
              pageSize={PAGE_SIZE}
              total={total ?? 0}
              onPage={(next) => change({ page: next })}
            />
          </>
        )}
      </Loaded>
      {opened?.what === "new" && <NewUser onClose={() => open(null)} />}
      {opened?.what === "edit" && <UserForm user={opened.user} onClose={() => open(null)} />}
      {opened?.what === "reset" && <ResetPassword user={opened.user} onClose={() => open(null)} />}
    </Card>
  );
}

function Filters({ onAdd }: { readonly onAdd: () => void }): JSX.Element {
  const { state, change } = useView(USERS);
  return (
    <div class="row">
      <SearchField
        label="E-mail contains"
        value={state.email}
        onSearch={(email) => change({ email, page: 1 }, { replace: true })}
      />
      <Select
        inBar
        label="Role"
        value={state.role ?? "all"}
        options={[
          ["all", "All roles"],
          ["admin", "Administrators"],
          ["client", "Client users"],
        ]}
        onChange={(role) => change({ role: role === "all" ? null : role, page: 1 })}
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
        Add a user
      </Button>
    </div>
  );
}
