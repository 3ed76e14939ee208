"""Where a number comes from: the rates that priced it and the deliveries that stand behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Days:
    """Account days (half-open) of clients, perhaps of one source and account."""

    clients: tuple[int, ...]
    start: date
    end: date
    source: str | None = None
    account: str | None = None

    def values(self) -> dict[str, Any]:
        """Parameters of a statement."""
        return {
            "clients": list(self.clients),
            "start": self.start,
            "end": self.end,
            "source": self.source,
            "account": self.account,
        }


async def rates(connection: AsyncConnection, over: Days) -> Sequence[RowMapping]:
    """Each rate that priced days: client, source, cpm (null: unpriced), rate_id, first and last day, days.

    As many as there are: at most one for each day, client and source.
    """
    found = await connection.execute(
        text(
            """
            SELECT c.public_id AS client_id, d.source, d.cpm, r.public_id AS rate_id,
                   min(d.date) AS first_day, max(d.date) AS last_day, count(*) AS days
            FROM day_rates d JOIN clients c ON c.id = d.client_id
            LEFT JOIN client_settings r ON r.client_id = d.client_id AND r.id = d.client_setting_id
            WHERE d.client_id = ANY(:clients) AND d.date >= :start AND d.date < :end
              AND (CAST(:source AS text) IS NULL OR d.source = :source)
            GROUP BY c.public_id, d.source, d.cpm, r.public_id
            ORDER BY d.source, min(d.date), c.public_id
            """
        ),
        over.values(),
    )
    return found.mappings().all()


_STANDING = """
    SELECT h.client_id, h.source, h.date, h.run_no FROM heads h
    UNION
    SELECT h.client_id, h.source, h.date, e.run_no FROM heads h
    JOIN slice_ledger e ON e.client_id = h.client_id AND e.source = h.source AND e.account = h.account
        AND e.date = h.date AND e.kind = 'load'
    WHERE NOT h.whole OR e.id > (
        SELECT max(w.id) FROM slice_ledger w WHERE w.client_id = h.client_id AND w.source = h.source
        AND w.account = h.account AND w.date = h.date AND w.kind = 'load' AND w.run_no = h.run_no)"""
"""The delivery that stands for a day, and those that added rows to it since."""


async def runs(connection: AsyncConnection, over: Days, limit: int) -> tuple[int, Sequence[RowMapping]]:
    """How many runs stand on these days, and the newest: what they delivered, when, from which file."""
    found = await connection.execute(
        text(
            f"""
            WITH heads AS (
                SELECT * FROM slice_head WHERE client_id = ANY(:clients) AND date >= :start AND date < :end
                  AND (CAST(:source AS text) IS NULL OR source = :source)
                  AND (CAST(:account AS text) IS NULL OR account = :account)
            ), standing AS ({_STANDING}),
            runs AS (
                SELECT client_id, run_no, min(date) AS first_day, max(date) AS last_day, count(*) AS days
                FROM standing GROUP BY 1, 2
            )
            SELECT c.public_id AS client_id, l.source, l.account, l.run_id, l.status, l.delivered_at,
                   r.first_day, r.last_day, r.days, l.artifact, count(*) OVER () AS total
            FROM runs r JOIN clients c ON c.id = r.client_id
            JOIN ingestion_logs l ON l.client_id = r.client_id AND l.run_no = r.run_no
            WHERE l.status <> 'undone'
            ORDER BY l.delivered_at DESC NULLS LAST, l.run_no DESC LIMIT :limit
            """
        ),
        {**over.values(), "limit": limit},
    )
    rows = found.mappings().all()
    return (int(rows[0]["total"]) if rows else 0), rows
