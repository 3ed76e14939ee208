"""What a run is about to write, and the proof that it did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Totals = Mapping[str, object]


@dataclass(frozen=True)
class Waiting:
    """Batches that wait to be merged, as far as they tell the rows that will be written."""

    epoch: int
    """Of the hierarchy that their creatives are keys of."""
    payloads: list[bytes]


_WHOLE = """
SELECT s.client_id, s.rows, s.lost, s.batches = l.batches_expected AS whole, coalesce(h.epoch, -1) AS epoch,
    l.run_end -> 'coverage' IS NULL OR l.run_end -> 'coverage' = '[]' OR EXISTS (
        SELECT FROM jsonb_array_elements_text(l.run_end -> 'coverage') AS covered (day) WHERE NOT EXISTS (
            SELECT FROM slice_ledger g WHERE g.client_id = s.client_id AND g.date = covered.day::date)
    ) AS has_new_days
FROM clients c
JOIN LATERAL (
    SELECT client_id, sum(row_count) AS rows, bool_or(names IS NOT NULL) AS lost, count(*) AS batches
    FROM staging_media_raw WHERE client_id = c.id AND run_id = :run GROUP BY client_id
) s ON true
JOIN ingestion_logs l ON l.client_id = s.client_id AND l.run_id = :run
LEFT JOIN hierarchy_counters h ON h.client_id = s.client_id
WHERE c.public_id = :client
"""


async def batches_of(
    connection: AsyncConnection, public_id: UUID, run_id: UUID, most_rows: int
) -> Waiting | None:
    """A run's batches in a snapshot. None: they are not all there, or merged already; they have more rows;
    something happened already to every day that they cover; or some of their creatives were deleted since and
    will be given other keys (their names are kept).
    """
    found = (await connection.execute(text(_WHOLE), {"client": public_id, "run": run_id})).one_or_none()
    if found is None or not found.whole or found.lost or found.rows > most_rows or not found.has_new_days:
        return None
    payloads = await connection.scalars(
        text("SELECT payload FROM staging_media_raw WHERE client_id = :client AND run_id = :run"),
        {"client": found.client_id, "run": run_id},
    )
    return Waiting(found.epoch, list(payloads))


async def written_alone(
    connection: AsyncConnection, client_id: int, run_id: UUID, days: Collection[date]
) -> dict[date, Totals]:
    """Of these days those on which nothing ever happened but that this run was loaded, with ``rows`` and the
    sums of FACTS that it left there.

    Whoever changes a day's rows writes a line of the ledger in the same transaction.
    """
    found = await connection.execute(
        text(
            "SELECT date, min(totals_after::text)::jsonb AS totals FROM slice_ledger "
            "WHERE client_id = :client AND date = ANY(:days) "
            "GROUP BY date HAVING count(*) = 1 AND min(kind) = 'load' AND min(run_no) = "
            "(SELECT run_no FROM ingestion_logs WHERE client_id = :client AND run_id = :run)"
        ),
        {"client": client_id, "run": run_id, "days": list(days)},
    )
    return {row.date: row.totals for row in found}
