"""Sums by campaign and day."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.engine import driver
from libs.metrics.measures import SUMS
from services.aggregator.frames import NO_ROLLUPS, ROLLUP_SCHEMA
from services.aggregator.rules import Standing

_STANDING = f"SELECT {', '.join(ROLLUP_SCHEMA)} FROM rollups WHERE client_id = $1 AND date = ANY($2)"
_PERIODS = (
    "SELECT p.first, count(DISTINCT r.date) AS days, "
    + ", ".join(f"sum(r.{name})::bigint AS {name}" for name in SUMS)
    + " FROM unnest(CAST(:firsts AS date[]), CAST(:ends AS date[])) AS p(first, past) "
    "JOIN rollups r ON r.client_id = :client AND r.date >= p.first AND r.date < p.past GROUP BY p.first"
)


async def standing_rollups(connection: AsyncConnection, client_id: int, days: Sequence[date]) -> pl.DataFrame:
    """The rollups of these days as they stand, of ROLLUP_SCHEMA."""
    pieces = io.BytesIO()

    async def collect(piece: bytes) -> None:
        pieces.write(piece)

    raw = await driver(connection)
    await raw.copy_from_query(_STANDING, client_id, list(days), output=collect, format="csv")
    if not pieces.tell():
        return NO_ROLLUPS
    return pl.read_csv(pieces.getvalue(), has_header=False, schema=ROLLUP_SCHEMA)


async def replace_rollups(
    connection: AsyncConnection, client_id: int, days: Sequence[date], rollups: pl.DataFrame
) -> None:
    """Put these days' rollups in place of what stands for them."""
    await connection.execute(
        text("DELETE FROM rollups WHERE client_id = :client AND date = ANY(:days)"),
        {"client": client_id, "days": list(days)},
    )
    if rollups.is_empty():
        return
    rows = rollups.select(pl.lit(client_id).alias("client_id"), *ROLLUP_SCHEMA)
    lines = rows.write_csv(include_header=False)
    await (await driver(connection)).copy_to_table(
        "rollups", source=io.BytesIO(lines.encode()), columns=["client_id", *ROLLUP_SCHEMA], format="csv"
    )


async def standing_sums(
    connection: AsyncConnection, client_id: int, periods: Sequence[tuple[date, date]]
) -> dict[date, Standing]:
    """The sums of whole periods (first day, day after the last) by first day; none without rows."""
    rows = await connection.execute(
        text(_PERIODS),
        {
            "client": client_id,
            "firsts": [first for first, _ in periods],
            "ends": [end for _, end in periods],
        },
    )
    return {
        row["first"]: Standing(row["days"], {name: row[name] for name in SUMS}) for row in rows.mappings()
    }
