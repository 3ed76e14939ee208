"""Which days were delivered, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import SOURCES
from libs.operations.days import Supply
from libs.operations.windows import DAYS_OF_RUNS, SUPPLIES, SUPPLY

_TROUBLES = ("missing_file", "failed", "held", "running", "stalled")


class Delivered(NamedTuple):
    """A day that stands, of one source, and for how many of the clients."""

    source: str
    day: date
    clients: int


async def delivered(
    connection: AsyncConnection, clients: Sequence[int], start: date, end: date
) -> list[Delivered]:
    """The days in a range for which a delivery stands, by source."""
    found = await connection.execute(
        text(
            "SELECT source, date, count(DISTINCT client_id) FROM slice_head WHERE client_id = ANY(:clients) "
            "AND date >= :start AND date < :end GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"clients": list(clients), "start": start, "end": end},
    )
    return [Delivered(*row) for row in found]


async def supplies(connection: AsyncConnection, clients: Sequence[int]) -> list[Supply]:
    """Every source of these clients that was set up or ever delivered."""
    found = await connection.execute(
        text(
            f"SELECT {SUPPLY} {SUPPLIES} WHERE c.id = ANY(:clients) "
            "AND (s.created_at IS NOT NULL OR h.first_day IS NOT NULL)"
        ),
        {"clients": list(clients), "sources": list(SOURCES)},
    )
    return [Supply(*row) for row in found]


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
