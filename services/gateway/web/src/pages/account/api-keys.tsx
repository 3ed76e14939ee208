import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer, request } from "../../api/client";
import { invalidate, useResource } from "../../api/resource";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Badge, Empty } from "../../components/notes";
import { type Column, Table } from "../../components/table";
import { toast } from "../../components/toast";
import { formatAge, formatMoment } from "../../format/dates";
import { NewApiKey } from "./new-api-key";

type Key = Answer<"/auth/api-keys">["data"][number];
/** Nobody can have more. */
const MOST = 50;

/** Keys for programs that read, or upload, as their owner. */
export function ApiKeys(): JSX.Element {
  const [adding, add] = useState(false);
  const [deleting, remove] = useState<Key | null>(null);
  const found = useResource("/auth/api-keys", { query: { page_size: MOST } });
  const controls = (
    <Button kind="primary" onClick={() => add(true)}>
      Add a key
    </Button>
  );
  return (
    <Card title="API keys" controls={controls}>
      <Loaded resource={found} height={160}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No API key">
              <p>A program that reads figures or sends uploads uses one in your place.</p>
            </Empty>
          ) : (
            <Table
              caption="Your API keys, the newest first"
              columns={columnsOf(remove)}
              rows={data}
              rowKey={(row) => row.id ?? ""}
            />
          )
        }
      </Loaded>
      {adding && <NewApiKey onClose={() => add(false)} />}
      {deleting !== null && <DeleteKey apiKey={deleting} onClose={() => remove(null)} />}
    </Card>
  );
}

const SCOPES: Readonly<Record<string, string>> = { read: "Read", upload: "Upload" };

function columnsOf(onDelete: (key: Key) => void): readonly Column<Key>[] {
  return [
    {
      key: "name",
      title: "Name",
      cell: ({ name }) => (
        <span class="cell-name">
          <Name text={name ?? ""} />
        </span>
      ),
    },
    { key: "scopes", title: "May", cell: ({ scopes }) => scopes.map((each) => SCOPES[each ?? ""] ?? each).join(", ") },
    { key: "expires", title: "Good until", cell: ({ expires_at: at }) => <Expiry at={at} /> },
    {
      key: "used",
      title: "Last used",
      cell: ({ last_used_at: at }) =>
        typeof at === "string" ? (
          <time dateTime={at} title={formatMoment(at)}>
            {formatAge(at)}
          </time>
        ) : (
          <span class="muted">Never</span>
        ),
    },
    { key: "created", title: "Since", cell: ({ created_at: at }) => formatMoment(at) },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (key) => (
        <span class="cell-actions">
          <Button kind="quiet" label={`Delete the key ${key.name ?? ""}`} onClick={() => onDelete(key)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
}

function Expiry({ at }: { readonly at: string | null }): JSX.Element {
  if (at === null) return <span>It is deleted</span>;
  return Date.parse(at) < Date.now() ? <Badge kind="warning">Expired</Badge> : <>{formatMoment(at)}</>;
}

function DeleteKey({ apiKey, onClose }: { readonly apiKey: Key; readonly onClose: () => void }): JSX.Element {
  const work = async (): Promise<void> => {
    await request("delete", "/auth/api-keys/{key_id}", { at: { key_id: apiKey.id ?? "" } });
    invalidate("/auth/api-keys");
    toast("The key is deleted.");
  };
  return (
    <Ask title="Delete the key?" action="Delete" kind="danger" onDo={work} onClose={onClose}>
      <p>
        <Name text={apiKey.name ?? ""} />
      </p>
      <p>It is good for nothing at once: whatever uses it stops.</p>
    </Ask>
  );
}
