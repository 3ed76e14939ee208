"""Blocks of columns by creative, and the tree that they hang in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import SOURCES
from libs.metrics.periods import Period


async def payloads(
    connection: AsyncConnection, client: int, periods: Sequence[tuple[Period, date]]
) -> list[bytes]:
    """The blocks of these periods; those that have no rows have no block."""
    found = await connection.execute(
        text(
            """
            SELECT b.payload
            FROM unnest(CAST(:periods AS text[]), CAST(:starts AS date[])) AS w (period, start_date)
            JOIN rollup_blocks b ON b.client_id = :client AND b.period = w.period
                AND b.start_date = w.start_date
            """
        ),
        {
            "client": client,
            "periods": [period for period, _ in periods],
            "starts": [start for _, start in periods],
        },
    )
    return [bytes(row[0]) for row in found]


async def of_days(connection: AsyncConnection, client: int, days: Sequence[date]) -> list[tuple[date, bytes]]:
    """The blocks of these days, in order; those that have no rows have no block."""
    found = await connection.execute(
        text(
            "SELECT start_date, payload FROM rollup_blocks WHERE client_id = :client AND period = 'day' "
            "AND start_date = ANY(:days) ORDER BY start_date"
        ),
        {"client": client, "days": list(days)},
    )
    return [(row[0], bytes(row[1])) for row in found]


_CODES = ", ".join(f"'{source}'" for source in SOURCES)
"""As frames.CODED has them."""
_PARENTS = {
    "creatives": "placement_id",
    "placements": "strategy_id",
    "strategies": "campaign_id",
    "campaigns": f"array_position(ARRAY[{_CODES}], source)",
}


async def shape(connection: AsyncConnection, client: int) -> tuple[int, ...]:
    """Differs whenever a client's hierarchy does: what was deleted, and how many of each level were added.

    Parents never change. Whoever adds or deletes raises these numbers in the same transaction.
    """
    found = await connection.execute(
        text(
            "SELECT epoch, campaigns, strategies, placements, creatives FROM hierarchy_counters "
            "WHERE client_id = :client"
        ),
        {"client": client},
    )
    row = found.first()
    return () if row is None else tuple(row)


async def links(connection: AsyncConnection, client: int, table: str) -> tuple[bytes | None, bytes | None]:
    """Keys of a table of the hierarchy and their parents (campaigns: codes of their sources).

    Big-endian integers in two byte strings: 150,000 rows in a tenth of the time that rows take.
    """
    found = await connection.execute(
        text(
            f"SELECT string_agg(int4send(id), ''::bytea), string_agg(int4send({_PARENTS[table]}), ''::bytea) "
            f"FROM {table} WHERE client_id = :client"
        ),
        {"client": client},
    )
    keys, parents = found.one()
    return keys, parents
