"""What the loader left: rows, rates, hierarchy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.copying import Column, read
from libs.db.engine import driver
from libs.metrics.measures import FACTS
from services.aggregator.frames import Hierarchy

_FACTS = (Column("creative_id", "int4"), *(Column(name, nullable=True) for name in FACTS))
_DAY = (
    f"SELECT creative_id, {', '.join(f'coalesce({name}, -1)' for name in FACTS)} FROM daily_metrics "
    "WHERE client_id = $1 AND date = $2 ORDER BY creative_id"
)
_CREATIVES = "SELECT id, placement_id FROM creatives WHERE client_id = $1"
_PLACEMENTS = "SELECT id, strategy_id FROM placements WHERE client_id = $1"
_STRATEGIES = "SELECT id, campaign_id FROM strategies WHERE client_id = $1"


async def facts_of(connection: AsyncConnection, client_id: int, day: date) -> pl.DataFrame:
    """The rows of one day: ``creative_id`` and FACTS, in the order of creatives.

    A million rows: 0.45 s as binary COPY, 0.55 as text, 1.9 as records of the driver.
    """
    return await read(await driver(connection), _DAY, _FACTS, client_id, day)


async def hierarchy_of(connection: AsyncConnection, client_id: int) -> Hierarchy:
    """Campaign of each creative and source of each campaign. 50,000 creatives: 0.02 s.

    Level by level: joined in SQL, a hierarchy of which PostgreSQL has no statistics yet took 0.8 s.
    """
    raw = await driver(connection)
    creatives = await read(raw, _CREATIVES, _keys("placement_id"), client_id)
    placements = await read(raw, _PLACEMENTS, _keys("strategy_id"), client_id)
    strategies = await read(raw, _STRATEGIES, _keys("campaign_id"), client_id)
    known = creatives.join(placements, left_on="placement_id", right_on="id").join(
        strategies, left_on="strategy_id", right_on="id"
    )
    campaigns = await connection.execute(
        text("SELECT id, source FROM campaigns WHERE client_id = :client"), {"client": client_id}
    )
    return Hierarchy.of(known, {row.id: row.source for row in campaigns})


def _keys(parent: str) -> tuple[Column, Column]:
    return Column("id", "int4"), Column(parent, "int4")


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
