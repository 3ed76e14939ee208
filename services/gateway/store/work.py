"""Work that is asked for: announced in the caller's transaction, and looked up later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Message
from libs.bus import outbox
from libs.observability import current_correlation_id


async def ask(connection: AsyncConnection, key: str, message: Message) -> dict[str, Any]:
    """Announce a message; returns what was queued, for the answer."""
    await outbox.put(connection, "gateway", key, message)
    return {
        "queued": key,
        "message": message.model_dump(mode="json", exclude_none=True),
        "correlation_id": current_correlation_id(),
    }


async def enabled_clients(connection: AsyncConnection, source: str) -> Sequence[RowMapping]:
    """The active clients that are enabled for a source."""
    found = await connection.execute(
        text(
            """
            SELECT c.id, c.public_id, c.name, c.timezone
            FROM clients c JOIN source_settings s ON s.client_id = c.id
            WHERE c.status = 'active' AND s.enabled AND s.source = :source ORDER BY lower(c.name)
            """
        ),
        {"source": source},
    )
    return found.mappings().all()


async def add_backfill(connection: AsyncConnection, values: dict[str, Any]) -> UUID:
    """A backfill; takes client, source, start, end, by."""
    found = await connection.execute(
        text(
            "INSERT INTO backfills (client_id, source, start_date, end_date, requested_by) "
            "VALUES (:client, :source, :start, :end, :by) RETURNING id"
        ),
        values,
    )
    return UUID(str(found.scalar_one()))


async def backfill(connection: AsyncConnection, backfill_id: UUID) -> RowMapping | None:
    """A backfill with its client."""
    found = await connection.execute(
        text(
            "SELECT b.id, b.client_id AS client_no, c.public_id AS client_id, c.name AS client_name, "
            "b.source, b.start_date, b.end_date, b.requested_by, b.created_at "
            "FROM backfills b JOIN clients c ON c.id = b.client_id WHERE b.id = :id"
        ),
        {"id": backfill_id},
    )
    return found.mappings().first()


async def runs_by_day(
    connection: AsyncConnection, client: int, source: str, start: date, end: date
) -> dict[date, RowMapping]:
    """day → its newest run (run_id, status, started_at, error); both days included."""
    found = await connection.execute(
        text(
            "SELECT DISTINCT ON (run_date) run_date, run_id, status, started_at, updated_at, error "
            "FROM ingestion_logs WHERE client_id = :client AND source = :source "
            "AND run_date BETWEEN :start AND :end ORDER BY run_date, started_at DESC"
        ),
        {"client": client, "source": source, "start": start, "end": end},
    )
    return {row["run_date"]: row for row in found.mappings()}
