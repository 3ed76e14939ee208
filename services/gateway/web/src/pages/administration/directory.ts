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

/** Not before the names are there that stand in it: its columns would become wider for them. */
export function withNames<T>(found: Resource<T>, ...names: readonly Resource<unknown>[]): Resource<T> {
  const waits = names.some(({ data, error }) => data === null && error === null);
  return waits && found.error === null ? { ...found, data: null } : found;
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

/** A user's active clients other than this one: with none left, the user is disabled with it. */
export function otherClients(user: User, clients: readonly Client[], client: string | null): readonly string[] {
  return user.client_ids.filter((id): id is string => {
    // One that is not in the list is beyond its end: most are active.
    return id !== null && id !== client && byId(clients, id)?.status !== "disabled";
  });
}
