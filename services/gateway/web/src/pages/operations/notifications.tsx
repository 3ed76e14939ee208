import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer, request } from "../../api/client";
import { invalidate, useResource } from "../../api/resource";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Link } from "../../components/link";
import { Name } from "../../components/name";
import { Badge, Empty } from "../../components/notes";
import { Pager } from "../../components/pager";
import { Segments } from "../../components/select";
import { type Column, Table } from "../../components/table";
import { toast, toastError } from "../../components/toast";
import { formatMoment } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { ClientFilter } from "../../shell/client-filter";
import { MaybeSelect } from "./filters";
import { type OperationsState, type OperationsView, hrefTo } from "./state";
import { type BadgeKind, plain, textIn } from "./words";

type Notification = Answer<"/admin/notifications">["data"][number];

const PAGE_SIZE = 25;
const KINDS: Readonly<Record<string, BadgeKind | undefined>> = { error: "bad", warning: "warning" };

/** What the system told the administrators. */
export function Notifications({ view }: { readonly view: OperationsView }): JSX.Element {
  const { state, change } = view;
  const found = useResource("/admin/notifications", {
    query: {
      client_id: state.client,
      severity: state.severity,
      acknowledged: state.seen === "all" ? null : state.seen === "yes",
      page: state.page,
      page_size: PAGE_SIZE,
    },
  });
  return (
    <Card title="Notifications">
      <div class="filters">
        <Filters view={view} />
      </div>
      <Loaded resource={found} height={320}>
        {({ data, total, page, page_size: size }) =>
          data.length === 0 && total === 0 ? (
            <Empty title={state.seen === "no" ? "Nothing waits for you" : "No notification is of this kind"} />
          ) : (
            <>
              <Table
                caption="List of notifications"
                rows={data}
                rowKey={(row) => row.id ?? ""}
                columns={columnsOf(state)}
              />
              <Pager
                label="Pages of notifications"
                page={page ?? 1}
                pageSize={size ?? PAGE_SIZE}
                total={total ?? data.length}
                onPage={(to) => change({ page: to })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Filters({ view: { state, change } }: { readonly view: OperationsView }): JSX.Element {
  return (
    <>
      <Segments
        label="Acknowledged"
        value={state.seen}
        options={[
          ["no", "Open"],
          ["yes", "Acknowledged"],
          ["all", "All"],
        ]}
        onChange={(seen) => change({ seen, page: 1 })}
      />
      <ClientFilter client={state.client} onChange={(client) => change({ client, page: 1 })} />
      <MaybeSelect
        label="Severity"
        all="All severities"
        value={state.severity}
        options={[
          ["error", "Errors"],
          ["warning", "Warnings"],
          ["info", "Information"],
        ]}
        onChange={(severity) => change({ severity, page: 1 })}
      />
    </>
  );
}

function columnsOf(state: OperationsState): readonly Column<Notification>[] {
  return [
    {
      key: "severity",
      title: "Severity",
      cell: (row) => <Badge kind={KINDS[row.severity ?? ""] ?? "plain"}>{plain(row.severity ?? "")}</Badge>,
    },
    { key: "message", title: "What happened", cell: (row) => <Message row={row} /> },
    { key: "client", title: "Client", cell: (row) => <Name text={row.client_name ?? "–"} /> },
    { key: "times", title: "Times", kind: "number", cell: (row) => formatCount(row.times) },
    { key: "last", title: "Last", cell: (row) => <span class="nowrap">{formatMoment(row.updated_at)}</span> },
    {
      key: "run",
      title: "Run",
      cell: (row) => (row.run_id === null ? "–" : <Link href={hrefTo(state, { run: row.run_id })}>Details</Link>),
    },
    {
      key: "act",
      title: <span class="visually-hidden">What can be done</span>,
      cell: (row) => <Acknowledge row={row} />,
    },
  ];
}

function Message({ row }: { readonly row: Notification }): JSX.Element {
  return (
    <span class="message">
      <bdi>{row.message}</bdi>
      <span class="muted small">
        {plain(row.kind ?? "")}
        {textIn(row.resolved_at) !== null && " · over by itself"}
      </span>
    </span>
  );
}

function Acknowledge({ row }: { readonly row: Notification }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const at = textIn(row.acknowledged_at);
  if (at !== null) return <span class="muted small nowrap">Seen {formatMoment(at)}</span>;
  const go = async (): Promise<void> => {
    setBusy(true);
    try {
      await request("post", "/admin/notifications/{notification_id}/acknowledge", {
        at: { notification_id: row.id ?? "" },
      });
      invalidate("/admin/notifications");
      toast("It is acknowledged.");
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return (
    <span class="actions">
      <Button busy={busy} label={`Acknowledge: ${row.message ?? ""}`} onClick={() => void go()}>
        Acknowledge
      </Button>
    </span>
  );
}
