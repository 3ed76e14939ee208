"""Sums from the campaign-and-day rollups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.measures import SUMS

Sums = dict[str, int | None]
_SUMS = ", ".join(f"sum(r.{name})::bigint AS {name}" for name in SUMS)
_WHERE = (
    "r.client_id = ANY(:clients) AND r.date >= :start AND r.date < :end "
    "AND (CAST(:source AS text) IS NULL OR r.source = :source) "
    "AND (CAST(:campaign AS integer) IS NULL OR r.campaign_id = :campaign)"
)
_GROUPS = {
    "day": "r.date",
    "week": "date_trunc('week', r.date)::date",
    "month": "date_trunc('month', r.date)::date",
    "source": "r.source",
}


@dataclass(frozen=True)
class Slice:
    """Which rows: clients (integer keys), account days (half-open), perhaps one source or campaign."""

    clients: tuple[int, ...]
    start: date
    end: date
    source: str | None = None
    campaign: int | None = None

    def values(self) -> dict[str, Any]:
        """Parameters of a statement."""
        return {
            "clients": list(self.clients),
            "start": self.start,
            "end": self.end,
            "source": self.source,
            "campaign": self.campaign,
        }


async def total(connection: AsyncConnection, rows: Slice) -> Sums | None:
    """The sums of a slice; None where it has no rows."""
    found = await connection.execute(text(f"SELECT {_SUMS} FROM rollups r WHERE {_WHERE}"), rows.values())
    sums = dict(found.mappings().one())
    return sums if sums["rows"] else None


async def grouped(connection: AsyncConnection, rows: Slice, by: str) -> dict[Any, Sums]:
    """Sums by ``day``, ``week`` (its Monday), ``month`` (its first day) or ``source``, in order."""
    found = await connection.execute(
        text(f"SELECT {_GROUPS[by]} AS key, {_SUMS} FROM rollups r WHERE {_WHERE} GROUP BY 1 ORDER BY 1"),
        rows.values(),
    )
    return {row["key"]: {name: row[name] for name in SUMS} for row in found.mappings()}


async def rows_by_day(connection: AsyncConnection, rows: Slice) -> list[tuple[date, int, int]]:
    """Day, client and how many rows it has there, in order."""
    found = await connection.execute(
        text(
            f"SELECT r.date, r.client_id, sum(r.rows)::bigint FROM rollups r WHERE {_WHERE} "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        rows.values(),
    )
    return [(row[0], row[1], row[2]) for row in found]


async def by_campaign(connection: AsyncConnection, rows: Slice) -> Sequence[tuple[Any, ...]]:
    """client_id, campaign_id and the sums, for each campaign with rows."""
    found = await connection.execute(
        text(f"SELECT r.client_id, r.campaign_id, {_SUMS} FROM rollups r WHERE {_WHERE} GROUP BY 1, 2"),
        rows.values(),
    )
    return [tuple(row) for row in found]


async def data_version(connection: AsyncConnection, clients: Sequence[int]) -> dict[int, int]:
    """client → version of its numbers; 0 before the first load."""
    found = await connection.execute(
        text("SELECT client_id, version FROM data_versions WHERE client_id = ANY(:clients)"),
        {"clients": list(clients)},
    )
    known: dict[int, int] = {int(row[0]): int(row[1]) for row in found}
    return {client: known.get(client, 0) for client in clients}
