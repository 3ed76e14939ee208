/** Clients and users by their ids, where only an id is told. */
import { type Answer } from "../../api/client";
import { type Resource, useResource } from "../../api/resource";

export type Client = Answer<"/clients">["data"][number];
export type User = Answer<"/users">["data"][number];

/** As many as the API gives at once; beyond that names are searched, and ids stand in their place. */
const MOST = 500;

export function useClients(): Resource<Answer<"/clients">> {
  return useResource("/clients", { query: { page_size: MOST } });
}

export function useUsers(): Resource<Answer<"/users">> {
  return useResource("/users", { query: { page_size: MOST } });
}

export function byId<T extends { readonly id: string | null }>(
  rows: readonly T[] | undefined,
  id: string | null,
): T | null {
  return id === null ? null : (rows?.find((row) => row.id === id) ?? null);
}

/** What a user is called; where they are not in the list, the beginning of their id. */
export function emailOf(users: readonly User[] | undefined, id: string | null): string {
  return byId(users, id)?.email ?? `${(id ?? "").slice(0, 8)}…`;
}

/** The active clients of a user other than this one: with none left, the user is disabled with it. */
export function otherClients(clients: readonly Client[], client: Client): readonly Client[] {
  return clients.filter((each) => each.user_id === client.user_id && each.id !== client.id && each.status === "active");
}
