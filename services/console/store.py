"""Every SQL statement of the command line. None of them commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def add_admin(connection: AsyncConnection, email: str, password_hash: str) -> UUID | None:
    """A new administrator; None where the address is taken."""
    found = await connection.execute(
        text(
            "INSERT INTO users (email, password_hash, role) VALUES (:email, :hash, 'admin') "
            "ON CONFLICT (lower(email)) DO NOTHING RETURNING id"
        ),
        {"email": email, "hash": password_hash},
    )
    added = found.scalar_one_or_none()
    return None if added is None else UUID(str(added))


async def audit(connection: AsyncConnection, action: str, entity: str, entity_id: str) -> None:
    """A line of the audit log; who sits at the command line has no user."""
    await connection.execute(
        text(
            "INSERT INTO audit_logs (action, entity, entity_id, user_agent) "
            "VALUES (:action, :entity, :id, 'tidemark console')"
        ),
        {"action": action, "entity": entity, "id": entity_id},
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


async def newest_runs(
    connection: AsyncConnection, client: int, source: str, start: date, end: date
) -> dict[date, str]:
    """day → status of its newest run; both days included."""
    found = await connection.execute(
        text(
            "SELECT DISTINCT ON (run_date) run_date, status FROM ingestion_logs WHERE client_id = :client "
            "AND source = :source AND run_date BETWEEN :start AND :end ORDER BY run_date, started_at DESC"
        ),
        {"client": client, "source": source, "start": start, "end": end},
    )
    return {row[0]: row[1] for row in found}


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
