"""Which days were delivered, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TROUBLES = ("missing_file", "failed", "held", "running", "stalled")


class Delivered(NamedTuple):
    """A day that stands, of one source."""

    source: str
    day: date
    delivered_at: datetime


async def delivered(
    connection: AsyncConnection, clients: Sequence[int], start: date, end: date
) -> list[Delivered]:
    """The days in a range for which a delivery stands, by source."""
    found = await connection.execute(
        text(
            "SELECT source, date, max(delivered_at) FROM slice_head WHERE client_id = ANY(:clients) "
            "AND date >= :start AND date < :end GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"clients": list(clients), "start": start, "end": end},
    )
    return [Delivered(*row) for row in found]


async def extent(
    connection: AsyncConnection, clients: Sequence[int]
) -> dict[str, tuple[date, date, datetime]]:
    """source → its first and last delivered day and when it was last delivered."""
    found = await connection.execute(
        text(
            "SELECT source, min(date), max(date), max(delivered_at) FROM slice_head "
            "WHERE client_id = ANY(:clients) GROUP BY 1"
        ),
        {"clients": list(clients)},
    )
    return {row[0]: (row[1], row[2], row[3]) for row in found}


async def troubles(
    connection: AsyncConnection, clients: Sequence[int], start: date, end: date
) -> dict[tuple[str, date], str]:
    """(source, day) → the status of its newest run, where that is why it is not there."""
    found = await connection.execute(
        text(
            "SELECT DISTINCT ON (source, run_date) source, run_date, status FROM ingestion_logs "
            "WHERE client_id = ANY(:clients) AND run_date >= :start AND run_date < :end "
            "ORDER BY source, run_date, started_at DESC"
        ),
        {"clients": list(clients), "start": start, "end": end},
    )
    return {(row[0], row[1]): row[2] for row in found if row[2] in _TROUBLES}


async def sources(connection: AsyncConnection, clients: Sequence[int]) -> dict[str, int | None]:
    """The sources that these clients use (enabled, or with campaigns) → settling days, null where not set."""
    found = await connection.execute(
        text(
            "SELECT source, max(settling) FROM ("
            "SELECT source, settling_days AS settling FROM source_settings "
            "WHERE client_id = ANY(:clients) AND (enabled OR settling_days IS NOT NULL) "
            "UNION ALL SELECT DISTINCT source, NULL::integer FROM campaigns WHERE client_id = ANY(:clients)"
            ") s GROUP BY 1 ORDER BY 1"
        ),
        {"clients": list(clients)},
    )
    return {row[0]: row[1] for row in found}
