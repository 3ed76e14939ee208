import { type JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { type Answer, request } from "../../api/client";
import { useRepeated } from "../../api/repeated";
import { invalidate, useResource } from "../../api/resource";
import { uniqueId } from "../../api/session";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Badge, Empty } from "../../components/notes";
import { Table } from "../../components/table";
import { toast } from "../../components/toast";
import { formatAge, formatMoment } from "../../format/dates";
import { NOTHING, formatCount } from "../../format/numbers";

type Queues = Answer<"/admin/queues">;
type Queue = Queues["data"][number];

const POLL_MS = 5_000;
const MOST_QUEUES = 500;

/** What waits, who takes it, and what died: as of now. */
export function QueuesTab(): JSX.Element {
  const queues = useResource("/admin/queues", { query: { page_size: MOST_QUEUES } });
  const [replayed, replay] = useState<Queue | null>(null);
  useRepeated(queues.reload, POLL_MS);
  return (
    <div class="stack">
      <Card title="Queues, in the order in which data flows">
        <Loaded resource={queues} height={480}>
          {({ data }) =>
            data.length === 0 ? (
              <Empty title="No queue is declared" />
            ) : (
              <QueueTable rows={data} onReplay={replay} />
            )
          }
        </Loaded>
      </Card>
      {queues.data !== null && <Announced outbox={queues.data.outbox} />}
      {replayed !== null && <Replay queue={replayed} onClose={() => replay(null)} />}
    </div>
  );
}

/** It comes with the queues above it, so that they do not push it down. */
function Announced({ outbox }: { readonly outbox: Queues["outbox"] }): JSX.Element {
  return (
    <Card title="Announced, not yet at RabbitMQ">
      {outbox.length === 0 ? <Empty title="Nothing waits there" /> : <Outbox rows={outbox} />}
    </Card>
  );
}

interface QueueTableProps {
  readonly rows: readonly Queue[];
  readonly onReplay: (queue: Queue) => void;
}

function QueueTable({ rows, onReplay }: QueueTableProps): JSX.Element {
  return (
    <Table
      caption="Queues"
      rows={rows}
      rowKey={(queue) => queue.name ?? ""}
      columns={[
        { key: "name", title: "Queue", cell: (queue) => <Name text={queue.name ?? ""} /> },
        { key: "service", title: "Taken by", cell: (queue) => queue.service },
        { key: "waiting", title: "Waiting", kind: "number", cell: (queue) => <Depth value={queue.waiting} /> },
        {
          key: "consumers",
          title: "Consumers",
          kind: "number",
          cell: (queue) => (queue.consumers === 0 ? <Badge kind="bad">none</Badge> : formatCount(queue.consumers)),
        },
        {
          key: "dead",
          title: "Dead letters",
          kind: "number",
          cell: (queue) =>
            (queue.dead_letters ?? 0) > 0 ? (
              <Badge kind="bad">{formatCount(queue.dead_letters)}</Badge>
            ) : (
              formatCount(queue.dead_letters)
            ),
        },
        { key: "oldest", title: "The oldest of them", cell: (queue) => <Oldest letter={queue.oldest_dead_letter} /> },
        {
          key: "replay",
          title: <span class="visually-hidden">What can be done</span>,
          cell: (queue) => (
            <span class="actions">
              {(queue.dead_letters ?? 0) > 0 && <Button onClick={() => onReplay(queue)}>Replay</Button>}
            </span>
          ),
        },
      ]}
    />
  );
}

function Depth({ value }: { readonly value: number | null }): JSX.Element {
  return value === null ? <span title="This queue was not declared">{NOTHING}</span> : <>{formatCount(value)}</>;
}

function Oldest({ letter }: { readonly letter: Queue["oldest_dead_letter"] }): JSX.Element {
  if (letter === null) return <span class="muted">{NOTHING}</span>;
  return (
    <span class="causes">
      <Name text={letter.reason ?? "(no reason kept)"} />
      {letter.died_at !== null && (
        <span class="muted small" title={formatMoment(letter.died_at)}>
          {formatAge(letter.died_at)}
        </span>
      )}
    </span>
  );
}

function Outbox({ rows }: { readonly rows: Queues["outbox"] }): JSX.Element {
  return (
    <Table
      caption="Waiting messages by service"
      rows={rows}
      rowKey={(row) => row.service ?? ""}
      columns={[
        { key: "service", title: "Service", cell: (row) => row.service },
        { key: "messages", title: "Messages", kind: "number", cell: (row) => formatCount(row.messages) },
        { key: "oldest", title: "Oldest", cell: (row) => (row.oldest === null ? NOTHING : formatAge(row.oldest)) },
      ]}
    />
  );
}

const MOST_AT_ONCE = 10_000;

function Replay({ queue, onClose }: { readonly queue: Queue; readonly onClose: () => void }): JSX.Element {
  const [limit, setLimit] = useState("");
  const [key] = useState(uniqueId);
  const id = useId();
  const name = queue.name ?? "";
  const go = async (): Promise<void> => {
    const body = { limit: limit === "" ? null : Number(limit) };
    const answer = await request("post", "/admin/queues/{name}/replay", { at: { name }, body, idempotencyKey: key });
    invalidate("/admin");
    const left = answer.remaining ?? 0;
    toast(`${formatCount(answer.moved)} moved back to ${name}${left > 0 ? `, ${formatCount(left)} are left` : ""}.`);
  };
  return (
    <Ask title="Replay dead letters?" action="Replay" onDo={go} onClose={onClose}>
      <p>
        {formatCount(queue.dead_letters)} messages go back to <strong>{name}</strong> and are tried anew. Nothing is
        counted twice; one whose cause is still there dies again.
      </p>
      <div class="field">
        <label for={id}>At most (all, where it is empty)</label>
        <input
          id={id}
          class="input"
          type="number"
          min={1}
          max={MOST_AT_ONCE}
          value={limit}
          onInput={(event) => setLimit(event.currentTarget.value)}
        />
      </div>
    </Ask>
  );
}
