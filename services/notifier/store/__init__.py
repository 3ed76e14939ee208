"""Every statement of the notifier. The caller's transaction, the caller's commit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.rules import DELIVERED, OF_A_DELIVERY, Note

OCCURRENCES_KEPT = 100
"""In each notification; a message delivered again after that many others would count as new."""

_KEEP = text(
    """
    INSERT INTO notifications AS n (client_id, kind, severity, message, dedupe_key, run_id, details)
    VALUES (
        (SELECT id FROM clients WHERE public_id = :client), :kind, :severity, :message, :dedupe_key, :run_id,
        CAST(:details AS jsonb)
    )
    ON CONFLICT (dedupe_key) DO UPDATE SET
        times = n.times + 1, severity = excluded.severity, message = excluded.message,
        run_id = excluded.run_id, resolved_at = NULL,
        opened_at = CASE WHEN n.resolved_at IS NULL THEN n.opened_at ELSE excluded.opened_at END,
        acknowledged_at = NULL, acknowledged_by = NULL,
        details = excluded.details || jsonb_build_object('occurrences', (
            SELECT jsonb_agg(told.id ORDER BY told.place)
            FROM jsonb_array_elements(n.details -> 'occurrences' || (excluded.details -> 'occurrences'))
                WITH ORDINALITY AS told(id, place)
            WHERE told.place > jsonb_array_length(n.details -> 'occurrences') + 1 - :kept
        ))
    WHERE NOT n.details -> 'occurrences' ? :occurrence
    RETURNING n.id, n.opened_at = now() AS opened
    """
)
_UP_TO_DATE = text(
    """
    INSERT INTO notifications AS n (client_id, kind, severity, message, dedupe_key, details)
    VALUES (
        (SELECT id FROM clients WHERE public_id = :client), :kind, :severity, :message, :dedupe_key,
        CAST(:details AS jsonb)
    )
    ON CONFLICT (dedupe_key) DO UPDATE SET
        times = n.times + 1, message = excluded.message, details = excluded.details
    WHERE (n.details ->> 'data_version')::bigint < (excluded.details ->> 'data_version')::bigint
    """
)
# A notification is settled by a good run of the same client, source and day that is the same run or ended
# later: so the order in which messages come does not matter.
_SETTLE = text(
    """
    UPDATE notifications n SET resolved_at = now()
    FROM clients c
    WHERE c.public_id = :client AND n.client_id = c.id AND n.resolved_at IS NULL AND n.kind = ANY(:kinds)
      AND EXISTS (
        SELECT FROM (
            SELECT l.run_id, l.source, l.run_date, coalesce(l.finished_at, l.updated_at) AS ended
            FROM ingestion_logs l WHERE l.client_id = c.id AND l.status = ANY(:delivered)
                AND l.source = :source AND (l.run_date = :run_date OR l.run_id = :run_id)
            UNION ALL
            SELECT CAST(:loaded AS uuid), :source, CAST(:run_date AS date), now()
            WHERE CAST(:loaded AS uuid) IS NOT NULL
                AND NOT EXISTS (SELECT FROM ingestion_logs WHERE client_id = c.id AND run_id = :loaded)
        ) good
        LEFT JOIN ingestion_logs bad ON bad.client_id = c.id AND bad.run_id = n.run_id
        WHERE good.run_id = n.run_id OR (
            coalesce(bad.source, n.details ->> 'source') = good.source
            AND coalesce(bad.run_date, (n.details ->> 'run_date')::date) = good.run_date
            AND good.ended >= coalesce(bad.finished_at, bad.started_at, n.created_at)
        )
      )
    """
)
_RESOLVE_BY_RUN = text(
    """
    UPDATE notifications n SET resolved_at = now()
    FROM clients c
    JOIN ingestion_logs good ON good.client_id = c.id AND good.run_id = :run
    WHERE c.public_id = :client AND n.client_id = c.id AND n.dedupe_key = :key AND n.resolved_at IS NULL
      AND coalesce(good.finished_at, good.updated_at) >= coalesce(
        (SELECT coalesce(bad.finished_at, bad.updated_at) FROM ingestion_logs bad
         WHERE bad.client_id = c.id AND bad.run_id = n.run_id), n.created_at)
    """
)


@dataclass(frozen=True)
class Kept:
    """A notification that a new event was counted in; ``opened``: its matter was not open before."""

    id: UUID
    opened: bool


@dataclass(frozen=True)
class Delivered:
    """Whose delivery of which day; ``loaded``: the run that a message says ended well, if one does."""

    client_id: UUID
    source: str
    run_date: date | None
    run_id: UUID
    loaded: UUID | None = None


async def client_name(connection: AsyncConnection, public_id: UUID) -> str:
    """The name of a client; its id where there is no such client: a warning must not get lost."""
    name = await connection.scalar(
        text("SELECT name FROM clients WHERE public_id = :public_id"), {"public_id": public_id}
    )
    return str(name or f"client {public_id}")


async def keep(connection: AsyncConnection, note: Note) -> Kept | None:
    """Open a matter, or count one more event of it (which opens it again). None: told before."""
    found = await connection.execute(
        _KEEP,
        {
            "client": note.client_id,
            "kind": note.kind,
            "severity": note.severity,
            "message": note.message,
            "dedupe_key": note.dedupe_key,
            "run_id": note.run_id,
            "details": json.dumps({**note.details, "occurrences": [note.occurrence]}, default=str),
            "occurrence": note.occurrence,
            "kept": OCCURRENCES_KEPT,
        },
    )
    row = found.first()
    return None if row is None else Kept(row.id, row.opened)


async def keep_up_to_date(connection: AsyncConnection, note: Note) -> None:
    """Put a client's newest data version in place; older ones that come late change nothing."""
    await connection.execute(
        _UP_TO_DATE,
        {
            "client": note.client_id,
            "kind": note.kind,
            "severity": note.severity,
            "message": note.message,
            "dedupe_key": note.dedupe_key,
            "details": json.dumps(dict(note.details)),
        },
    )


async def settle(connection: AsyncConnection, delivered: Delivered) -> int:
    """Resolve what is open about a delivery that has come after all; returns how many."""
    found = await connection.execute(
        _SETTLE,
        {
            "client": delivered.client_id,
            "source": delivered.source,
            "run_date": delivered.run_date,
            "run_id": delivered.run_id,
            "loaded": delivered.loaded,
            "kinds": list(OF_A_DELIVERY),
            "delivered": list(DELIVERED),
        },
    )
    return int(found.rowcount)


async def resolve(connection: AsyncConnection, dedupe_key: str) -> None:
    """A matter is over."""
    await connection.execute(
        text("UPDATE notifications SET resolved_at = now() WHERE dedupe_key = :key AND resolved_at IS NULL"),
        {"key": dedupe_key},
    )


async def resolve_by_run(connection: AsyncConnection, dedupe_key: str, client_id: UUID, run_id: UUID) -> None:
    """A matter is over by a run, unless that ended before the run that the matter is about."""
    await connection.execute(_RESOLVE_BY_RUN, {"key": dedupe_key, "client": client_id, "run": run_id})
