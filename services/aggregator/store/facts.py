"""What the loader left: rows, rates, public ids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


async def facts_of(connection: AsyncConnection, client_id: int, day: date) -> pl.DataFrame:
    """The rows of one day in a snapshot: ``creative_id`` and FACTS, in the order of creatives."""
    return await read_pages(await driver(connection), _DAY, _FACTS, client_id, day, frozen=True)


async def cpms_of(
    connection: AsyncConnection, client_id: int, days: Sequence[date]
) -> dict[date, dict[str, int | None]]:
    """For each day and source the CPM × 10,000 in force; None: unpriced."""
    rows = await connection.execute(
        text(
            "SELECT date, source, (cpm * 10000)::bigint AS cpm_e4 FROM day_rates "
            "WHERE client_id = :client AND date = ANY(:days)"
        ),
        {"client": client_id, "days": list(days)},
    )
    found: dict[date, dict[str, int | None]] = {}
    for row in rows:
        found.setdefault(row.date, {})[row.source] = row.cpm_e4
    return found


async def public_ids_of(
    connection: AsyncConnection, level: str, client_id: int, keys: Collection[int]
) -> dict[int, str]:
    """Public ids by key; ``level``: ``campaigns`` or ``creatives``."""
    rows = await connection.execute(
        text(f"SELECT id, public_id FROM {level} WHERE client_id = :client AND id = ANY(:keys)"),
        {"client": client_id, "keys": list(keys)},
    )
    return {row.id: str(row.public_id) for row in rows}
