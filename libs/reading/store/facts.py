"""Rows as they were delivered: by day, in the order of creatives."""

from __future__ import annotations

from datetime import date

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.copying import Column
from libs.db.engine import driver
from libs.db.vectors import read_pages
from libs.metrics.measures import FACTS

_FACTS = (Column("creative_id", "int4"), *(Column(name, nullable=True) for name in FACTS))
_DAY = (
    f"SELECT creative_id, {', '.join(FACTS)} FROM daily_metrics "
    "WHERE client_id = $1 AND date = $2 AND creative_id > $3 ORDER BY creative_id LIMIT $4"
)


async def of_day(connection: AsyncConnection, client: int, day: date) -> pl.DataFrame:
    """The rows of one day: ``creative_id`` and FACTS."""
    return await read_pages(await driver(connection), _DAY, _FACTS, client, day)


async def rates(connection: AsyncConnection, client: int, start: date, end: date) -> pl.DataFrame:
    """``date``, ``source`` and ``cpm_e4``, the CPM × 10,000 in force; null: unpriced."""
    found = await connection.execute(
        text(
            "SELECT date, source, (cpm * 10000)::bigint AS cpm_e4 FROM day_rates "
            "WHERE client_id = :client AND date >= :start AND date < :end"
        ),
        {"client": client, "start": start, "end": end},
    )
    return pl.DataFrame(
        [tuple(row) for row in found],
        schema={"date": pl.Date, "source": pl.String, "cpm_e4": pl.Int64},
        orient="row",
    )
