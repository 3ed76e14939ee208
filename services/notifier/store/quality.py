"""What quality is judged by: a run's counts, a day's volume, days with the same content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.rules.alarms import RunCounts
from services.notifier.rules.quality import Copy, Volume

REASONS = 10
COPIES_WITHIN_DAYS = 62


async def run_counts(connection: AsyncConnection, client_id: UUID, run_id: UUID) -> RunCounts | None:
    """What the log says of a run; None where it is in no log."""
    found = await connection.execute(
        text(
            "SELECT l.rows_read, l.rows_rejected, coalesce((SELECT max((w ->> 'count')::bigint) "
            "FROM jsonb_array_elements(l.warnings) w WHERE w ->> 'code' = 'duplicate_lines'), 0) AS copies "
            "FROM ingestion_logs l JOIN clients c ON c.id = l.client_id "
            "WHERE c.public_id = :client AND l.run_id = :run"
        ),
        {"client": client_id, "run": run_id},
    )
    row = found.first()
    if row is None:
        return None
    reasons = await _reasons(connection, client_id, run_id) if row.rows_rejected else {}
    return RunCounts(row.rows_read, row.rows_rejected, row.copies, reasons)


async def _reasons(connection: AsyncConnection, client_id: UUID, run_id: UUID) -> dict[str, int]:
    found = await connection.execute(
        text(
            "SELECT reason, count(*) AS number FROM rejected_rows r JOIN clients c ON c.id = r.client_id, "
            "unnest(r.reasons) AS reason WHERE c.public_id = :client AND r.run_id = :run "
            "GROUP BY reason ORDER BY number DESC, reason LIMIT :most"
        ),
        {"client": client_id, "run": run_id, "most": REASONS},
    )
    return {row.reason: row.number for row in found}


async def volumes(
    connection: AsyncConnection, client_id: UUID, first: date, last: date
) -> dict[str, dict[date, Volume]]:
    """source → day → its rows and impressions, from the rollups."""
    found = await connection.execute(
        text(
            "SELECT r.source, r.date, sum(r.rows)::bigint AS rows, "
            "coalesce(sum(r.impressions), 0)::bigint AS impressions FROM rollups r "
            "JOIN clients c ON c.id = r.client_id WHERE c.public_id = :client "
            "AND r.date BETWEEN :first AND :last GROUP BY r.source, r.date"
        ),
        {"client": client_id, "first": first, "last": last},
    )
    days: dict[str, dict[date, Volume]] = {}
    for row in found:
        days.setdefault(row.source, {})[row.date] = Volume(row.rows, row.impressions)
    return days


async def copies(connection: AsyncConnection, client_id: UUID, days: Sequence[date]) -> list[Copy]:
    """Of these days and their copies the later of each pair, and the nearest earlier day of the same rows.

    slice_head's digest is of a day's rows by creative, without the day itself.
    """
    found = await connection.execute(
        text(
            "SELECT DISTINCT ON (later.source, later.date) later.source, later.date AS day, "
            "earlier.date AS other, later.digest "
            "FROM slice_head later JOIN clients c ON c.id = later.client_id JOIN slice_head earlier "
            "ON earlier.client_id = later.client_id AND earlier.source = later.source "
            "AND earlier.account = later.account "
            "AND earlier.digest = later.digest "
            "AND earlier.date < later.date AND earlier.date >= later.date - CAST(:within AS integer) "
            "WHERE c.public_id = :client AND (later.date = ANY(:days) OR earlier.date = ANY(:days)) "
            "ORDER BY later.source, later.date, earlier.date DESC"
        ),
        {"client": client_id, "days": list(days), "within": COPIES_WITHIN_DAYS},
    )
    return [Copy(row.source, row.day, row.other, row.digest) for row in found]
