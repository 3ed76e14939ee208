"""Coverage: client × source × day, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import SOURCES
from libs.operations.days import NewestRun, Pair, Standing, counted, state_of
from libs.operations.windows import DAYS_OF_RUNS, SUPPLIES, SUPPLY

SortBy = Literal["client_name", "source"]
_ORDERS: Mapping[SortBy, str] = {
    "client_name": "lower(c.name) {way}, c.id, w.source",
    "source": "w.source {way}, lower(c.name), c.id",
}
Day = tuple[int, str, date]
"""Client, source, day."""


@dataclass(frozen=True)
class Asked:
    """Days from ``start`` to before ``end``, of all active clients or one, of all sources or one."""

    start: date
    end: date
    client_id: UUID | None = None
    source: str | None = None
    states: Collection[str] = ()
    """Only days in these states; none: all."""


async def pairs(
    connection: AsyncConnection,
    asked: Asked,
    *,
    limit: int,
    offset: int = 0,
    sort_by: SortBy = "client_name",
    descending: bool = False,
) -> tuple[int, list[Pair]]:
    """How many sources of clients there are (enabled, or ever delivered), and some of them."""
    way = "DESC" if descending else "ASC"
    values = {"client": asked.client_id, "source": asked.source, "sources": list(SOURCES)}
    total = await connection.execute(text(f"SELECT count(*) {_PAIRS}"), values)
    found = await connection.execute(
        text(
            f"SELECT {SUPPLY}, c.public_id, c.name, s.settling_days, coalesce(s.due_by, '12:00') {_PAIRS} "
            f"ORDER BY {_ORDERS[sort_by].format(way=way)} "
            "LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": limit, "offset": offset},
    )
    return int(total.scalar_one()), [Pair(*row) for row in found]


_PAIRS = f"""{SUPPLIES}
WHERE (s.enabled OR h.first_day IS NOT NULL)
  AND (c.public_id = :client OR CAST(:client AS uuid) IS NULL AND c.status = 'active')
  AND (CAST(:source AS text) IS NULL OR w.source = :source)
"""


async def rows(
    connection: AsyncConnection, found: Sequence[Pair], asked: Asked, now: datetime
) -> list[dict[str, Any]]:
    """For each source of a client: its days, and how many are in each state (the others are counted, too)."""
    clients = sorted({pair.client for pair in found})
    standing = await _standing(connection, clients, asked)
    newest = await _newest_runs(connection, clients, asked)
    return [_row(pair, asked, now, standing, newest) for pair in found]


def _row(
    pair: Pair, asked: Asked, now: datetime, standing: dict[Day, Standing], newest: dict[Day, NewestRun]
) -> dict[str, Any]:
    every = [asked.start + timedelta(days=n) for n in range((asked.end - asked.start).days)]
    keys = [(pair.client, pair.source, day) for day in every]
    days = [state_of(pair, key[2], now, standing.get(key), newest.get(key)) for key in keys]
    return {
        "client_id": pair.client_id,
        "client_name": pair.client_name,
        "source": pair.source,
        "enabled": pair.enabled,
        "settling_days": pair.settling,
        "provisional_from": pair.provisional_from(now),
        "counts": counted(days),
        "days": [day for day in days if not asked.states or day["status"] in asked.states],
    }


async def _standing(connection: AsyncConnection, clients: Sequence[int], asked: Asked) -> dict[Day, Standing]:
    """Of several accounts, the one that was delivered last; partial where one of them is."""
    found = await connection.execute(
        text(
            """
            SELECT h.client_id, h.source, h.date, max(h.run_no),
                   (array_agg(l.run_id ORDER BY h.delivered_at DESC))[1], max(h.delivered_at),
                   coalesce(bool_or(l.status = 'partial' OR l.rows_rejected > 0), false)
            FROM slice_head h
            LEFT JOIN ingestion_logs l ON l.client_id = h.client_id AND l.run_no = h.run_no
            WHERE h.client_id = ANY(:clients) AND h.date >= :start AND h.date < :end
              AND (CAST(:source AS text) IS NULL OR h.source = :source)
            GROUP BY 1, 2, 3
            """
        ),
        {"clients": list(clients), "start": asked.start, "end": asked.end, "source": asked.source},
    )
    return {(row[0], row[1], row[2]): Standing(*row[3:]) for row in found}


async def _newest_runs(
    connection: AsyncConnection, clients: Sequence[int], asked: Asked
) -> dict[Day, NewestRun]:
    last = asked.end - timedelta(days=1)
    found = await connection.execute(
        text(
            f"""
            SELECT DISTINCT ON (client_id, source, day) client_id, source, day, run_no, run_id, status,
                   coalesce(resolution_status = 'resolved', false)
            FROM {DAYS_OF_RUNS}
            WHERE client_id = ANY(:clients) AND (CAST(:source AS text) IS NULL OR source = :source)
            ORDER BY client_id, source, day, started_at DESC, run_no DESC
            """  # noqa: S608 - our own text
        ),
        {"clients": list(clients), "start": asked.start, "end": last, "source": asked.source},
    )
    return {(row[0], row[1], row[2]): NewestRun(*row[3:]) for row in found}
