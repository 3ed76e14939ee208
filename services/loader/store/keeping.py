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


_PASSED_OVER = """
l.run_date IS NOT NULL AND coalesce(l.window_start, l.run_date) = l.run_date AND l.source <> 'facebook'
AND EXISTS (SELECT FROM ingestion_logs n WHERE n.client_id = l.client_id AND n.source = l.source
    AND n.run_date = l.run_date AND n.delivered_at > l.delivered_at
    AND n.status IN ('loaded', 'partial', 'unchanged') AND n.run_end -> 'coverage' ? l.run_date::text)"""
"""A later delivery stands for the whole day: the file of this one was replaced before it was read to its end.
Uploads are no such files: each was promised to be counted."""


async def mark_stalled(connection: AsyncConnection, minutes: int) -> list[Stalled]:
    """Mark and return runs that wait for batches for so long; rows that others hold are skipped.

    Those that a later delivery has passed over end as superseded, and are not returned.
    """
    rows = await connection.execute(
        text(
            "WITH waiting AS (SELECT client_id, run_id FROM ingestion_logs WHERE status = 'running' "
            "AND coalesce(last_batch_at, started_at) < now() - make_interval(mins => :minutes) "
            "FOR UPDATE SKIP LOCKED) "
            "UPDATE ingestion_logs l "
            f"SET status = CASE WHEN {_PASSED_OVER} THEN 'superseded' ELSE 'stalled' END, "
            f"finished_at = CASE WHEN {_PASSED_OVER} THEN now() END FROM waiting w, clients c "
            "WHERE l.client_id = w.client_id AND l.run_id = w.run_id AND c.id = l.client_id "
            "RETURNING c.public_id AS client, l.run_id, l.source, l.run_date, l.status, "
            "l.batches_staged AS staged, l.batches_expected AS expected"
        ),
        {"minutes": minutes},
    )
    found = [dict(row) for row in rows.mappings()]
    return [Stalled(**row) for row in found if row.pop("status") == "stalled"]


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
