"""Every SQL statement of the command line. None of them commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def add_admin(
    connection: AsyncConnection, email: str, password_hash: str, *, must_change: bool
) -> UUID | None:
    """A new administrator; None where the address is taken."""
    found = await connection.execute(
        text(
            "INSERT INTO users (email, password_hash, role, must_change_password) "
            "VALUES (:email, :hash, 'admin', :must_change) "
            "ON CONFLICT (lower(email)) DO NOTHING RETURNING id"
        ),
        {"email": email, "hash": password_hash, "must_change": must_change},
    )
    added = found.scalar_one_or_none()
    return None if added is None else UUID(str(added))


async def audit(
    connection: AsyncConnection, action: str, entity: str, entity_id: str, new: object = None
) -> None:
    """A line of the audit log; who sits at the command line has no user."""
    await connection.execute(
        text(
            "INSERT INTO audit_logs (action, entity, entity_id, new_values, user_agent) "
            "VALUES (:action, :entity, :id, CAST(:new AS jsonb), 'tidemark console')"
        ),
        {
            "action": action,
            "entity": entity,
            "id": entity_id,
            "new": None if new is None else orjson.dumps(new, default=str).decode(),
        },
    )


async def clients(connection: AsyncConnection, source: str) -> Sequence[RowMapping]:
    """Active clients: public_id, name, and whether they are enabled for a source."""
    found = await connection.execute(
        text(
            """
            SELECT c.id, c.public_id, c.name, coalesce(s.enabled, false) AS enabled FROM clients c
            LEFT JOIN source_settings s ON s.client_id = c.id AND s.source = :source
            WHERE c.status = 'active' ORDER BY lower(c.name)
            """
        ),
        {"source": source},
    )
    return found.mappings().all()


async def run(connection: AsyncConnection, run_id: UUID) -> RowMapping | None:
    """A run: its client, source, status, and whether it left a raw file. Nobody changes it meanwhile."""
    found = await connection.execute(
        text(
            "SELECT c.public_id AS client_id, l.source, l.status, l.artifact IS NOT NULL AS has_file "
            "FROM ingestion_logs l JOIN clients c ON c.id = l.client_id WHERE l.run_id = :run "
            "ORDER BY l.run_no LIMIT 1 FOR UPDATE OF l"
        ),
        {"run": run_id},
    )
    return found.mappings().first()


async def resolve(connection: AsyncConnection, run_id: UUID, notes: str) -> bool:
    """Note that somebody took care of a run; False where there is none."""
    changed = await connection.execute(
        text(
            "UPDATE ingestion_logs SET resolution_status = 'resolved', resolution_notes = :notes, "
            "resolved_by = NULL, resolved_at = now() WHERE run_id = :run"
        ),
        {"run": run_id, "notes": notes},
    )
    return bool(changed.rowcount)


async def recent_runs(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Runs of the last day, and those that have not ended, by source and status."""
    found = await connection.execute(
        text(
            """
            SELECT source, status, count(*) AS runs, sum(rows_loaded) AS rows, max(started_at) AS newest
            FROM ingestion_logs
            WHERE started_at > now() - interval '1 day' OR status IN ('running', 'stalled', 'held')
            GROUP BY 1, 2 ORDER BY 1, 2
            """
        )
    )
    return found.mappings().all()


async def waiting(connection: AsyncConnection) -> Sequence[RowMapping]:
    """The outbox by service: how many messages wait, and since when."""
    found = await connection.execute(
        text(
            "SELECT service, count(*) AS messages, min(created_at) AS oldest FROM outbox "
            "GROUP BY 1 ORDER BY 1"
        )
    )
    return found.mappings().all()


async def audit_head(connection: AsyncConnection) -> RowMapping | None:
    """How many lines the audit log's head counts, and its hash; None before the first line."""
    found = await connection.execute(text("SELECT lines, hash FROM audit_head"))
    return found.mappings().first()


async def audit_links(
    connection: AsyncConnection, after: int = 0, *, size: int = 1000
) -> AsyncIterator[Sequence[RowMapping]]:
    """The chain behind a position in pages, in order: position, audit_id, previous, hash, and ``fields``: the
    line's columns as text, in the order in which they are hashed; None where the row is gone.
    """
    while True:
        found = await connection.execute(
            text(
                """
                SELECT c.position, c.audit_id, c.previous, c.hash, CASE WHEN a.id IS NOT NULL THEN ARRAY[
                    a.id::text, a.user_id::text, a.action, a.entity, a.entity_id,
                    a.old_values::text, a.new_values::text, a.ip::text, a.user_agent,
                    (extract(epoch FROM a.created_at) * 1000000)::bigint::text] END AS fields
                FROM audit_chain c LEFT JOIN audit_logs a ON a.id = c.audit_id
                WHERE c.position > :after ORDER BY c.position LIMIT :size
                """
            ),
            {"after": after, "size": size},
        )
        links = found.mappings().all()
        if not links:
            return
        yield links
        after = links[-1]["position"]


async def audit_stray(connection: AsyncConnection) -> RowMapping | None:
    """A row of the audit log that is not in the chain, if there is one: id, action, created_at."""
    found = await connection.execute(
        text(
            "SELECT a.id, a.action, a.created_at FROM audit_logs a "
            "WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.audit_id = a.id) ORDER BY a.id LIMIT 1"
        )
    )
    return found.mappings().first()
