"""Which days were delivered, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.operations.windows import DAYS_OF_RUNS

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
            f"SELECT DISTINCT ON (source, day) source, day, status FROM {DAYS_OF_RUNS} "
            "WHERE client_id = ANY(:clients) ORDER BY source, day, started_at DESC"
        ),
        {"clients": list(clients), "start": start, "end": end - timedelta(days=1)},
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
