import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Answer, request } from "../../api/client";
import { invalidate, useResource } from "../../api/resource";
import { Ask } from "../../components/ask";
import { Button } from "../../components/button";
import { Card, Loaded } from "../../components/card";
import { Name } from "../../components/name";
import { Badge } from "../../components/notes";
import { Pager } from "../../components/pager";
import { type Column, Table } from "../../components/table";
import { toast } from "../../components/toast";
import { formatAge, formatMoment } from "../../format/dates";
import { integer } from "../../state/codecs";
import { useView } from "../../state/view";
import { deviceName } from "./devices";

type Session = Answer<"/auth/sessions">["data"][number];
const SIZE = 10;
const VIEW = { sessions: integer(1, 1, 1_000_000) } as const;

/** Where somebody is signed in. */
export function Sessions(): JSX.Element {
  const { state, change } = useView(VIEW);
  const page = state.sessions;
  const [ending, end] = useState<Session | null>(null);
  const found = useResource("/auth/sessions", { query: { page, page_size: SIZE } });
  return (
    <Card title="Where you are signed in">
      <Loaded resource={found} height={200}>
        {({ data, total }) => (
          <>
            <Table
              caption="Your sessions, the last used first"
              columns={columnsOf(end)}
              rows={data}
              rowKey={(row) => row.id ?? ""}
            />
            <Pager
              label="Pages of sessions"
              page={page}
              pageSize={SIZE}
              total={total ?? 0}
              onPage={(sessions) => change({ sessions })}
            />
          </>
        )}
      </Loaded>
      {ending !== null && <EndSession session={ending} onClose={() => end(null)} />}
    </Card>
  );
}

function columnsOf(onEnd: (session: Session) => void): readonly Column<Session>[] {
  return [
    { key: "device", title: "Device", cell: (session) => <Device session={session} /> },
    { key: "ip", title: "Address", cell: ({ ip }) => ip ?? "–" },
    { key: "created", title: "Signed in", cell: ({ created_at: at }) => formatMoment(at) },
    {
      key: "used",
      title: "Last used",
      cell: ({ last_used_at: at }) =>
        at === null ? (
          "–"
        ) : (
          <time dateTime={at} title={formatMoment(at)}>
            {formatAge(at)}
          </time>
        ),
    },
    { key: "ends", title: "Ends", cell: ({ expires_at: at }) => formatMoment(at) },
    {
      key: "actions",
      title: <span class="visually-hidden">Actions</span>,
      cell: (session) => <EndButton session={session} onEnd={onEnd} />,
    },
  ];
}

function Device({ session }: { readonly session: Session }): JSX.Element {
  return (
    <span class="cell-name row" title={session.user_agent ?? undefined}>
      <Name text={deviceName(session.user_agent)} />
      {session.current === true && <Badge>This one</Badge>}
    </span>
  );
}

interface EndButtonProps {
  readonly session: Session;
  readonly onEnd: (session: Session) => void;
}

/** The session that asks is ended by signing out. */
function EndButton({ session, onEnd }: EndButtonProps): JSX.Element | null {
  if (session.current === true) return null;
  const label = `End the session of ${deviceName(session.user_agent)}, ${session.ip ?? "unknown address"}`;
  return (
    <span class="cell-actions">
      <Button kind="quiet" label={label} onClick={() => onEnd(session)}>
        End
      </Button>
    </span>
  );
}

function EndSession({ session, onClose }: { readonly session: Session; readonly onClose: () => void }): JSX.Element {
  const work = async (): Promise<void> => {
    await request("delete", "/auth/sessions/{session_id}", { at: { session_id: session.id ?? "" } });
    invalidate("/auth/sessions");
    toast("The session is ended.");
  };
  return (
    <Ask title="End the session?" action="End it" kind="danger" onDo={work} onClose={onClose}>
      <p>
        {deviceName(session.user_agent)} at {session.ip ?? "an unknown address"} is signed out at once.
      </p>
      <p class="muted">If you do not know it, change your password, too.</p>
    </Ask>
  );
}
