"""What lies too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Stalled:
    """A run whose batches stopped coming."""

    client: UUID
    run_id: UUID
    source: str
    run_date: date | None
    staged: int
    expected: int | None


async def mark_stalled(connection: AsyncConnection, minutes: int) -> list[Stalled]:
    """Mark and return runs that wait for batches for so long; rows that others hold are skipped."""
    rows = await connection.execute(
        text(
            "WITH waiting AS (SELECT client_id, run_id FROM ingestion_logs WHERE status = 'running' "
            "AND coalesce(last_batch_at, started_at) < now() - make_interval(mins => :minutes) "
            "FOR UPDATE SKIP LOCKED) "
            "UPDATE ingestion_logs l SET status = 'stalled' FROM waiting w, clients c "
            "WHERE l.client_id = w.client_id AND l.run_id = w.run_id AND c.id = l.client_id "
            "RETURNING c.public_id AS client, l.run_id, l.source, l.run_date, "
            "l.batches_staged AS staged, l.batches_expected AS expected"
        ),
        {"minutes": minutes},
    )
    return [Stalled(**row) for row in rows.mappings()]


async def clear_old_staging(connection: AsyncConnection, days: int) -> None:
    """Batches of runs that ended elsewhere (their connector failed them), and those that nobody closes."""
    await connection.execute(
        text(
            "DELETE FROM staging_media_raw s USING ingestion_logs l "
            "WHERE l.client_id = s.client_id AND l.run_id = s.run_id "
            "AND (l.status NOT IN ('running', 'stalled', 'held') "
            "OR s.staged_at < now() - make_interval(days => :days))"
        ),
        {"days": days},
    )


async def clear_old_displaced(connection: AsyncConnection, days: int) -> None:
    """Displaced rows past the time in which a run can be undone."""
    await connection.execute(
        text("DELETE FROM displaced_rows WHERE created_at < now() - make_interval(days => :days)"),
        {"days": days},
    )
