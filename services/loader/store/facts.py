"""Rows of daily_metrics: read and written by date, by binary COPY wherever there are many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db import copying
from libs.db.copying import Column
from libs.db.engine import driver
from libs.db.vectors import read_pages
from services.loader.frames import METRICS
from services.loader.frames.runs import Change, Totals
from services.loader.store.slices import Slice

_METRIC_COLUMNS = [Column(name, nullable=True) for name in METRICS]


FACTS = [
    Column("client_id", "int4"),
    Column("date", "date"),
    Column("creative_id", "int4"),
    Column("run_no", "int4"),
    *_METRIC_COLUMNS,
]


_STANDING = FACTS[2:]
_SELECT_STANDING = (
    f"SELECT creative_id, run_no, {', '.join(METRICS)} FROM daily_metrics "
    "WHERE client_id = $1 AND date = $2 AND creative_id > $3 ORDER BY creative_id LIMIT $4"
)


async def ensure_months(connection: AsyncConnection, dates: Collection[date]) -> None:
    """Partitions for these dates."""
    for month in sorted({day.replace(day=1) for day in dates}):
        await connection.execute(text("SELECT ensure_month(:month)"), {"month": month})


async def dates_with_rows(connection: AsyncConnection, client_id: int, dates: Collection[date]) -> set[date]:
    """Of these dates, those on which the client has rows at all.

    The first of each in the order of the key: for EXISTS, PostgreSQL at times reads all rows of the client.
    """
    rows = await connection.execute(
        text(
            "SELECT day FROM unnest(cast(:dates AS date[])) AS day CROSS JOIN LATERAL "
            "(SELECT FROM daily_metrics WHERE client_id = :client AND date = day "
            "ORDER BY client_id, date, creative_id LIMIT 1) AS first_row"
        ),
        {"client": client_id, "dates": list(dates)},
    )
    return set(rows.scalars())


async def standing_rows(connection: AsyncConnection, slice_: Slice, day: date) -> pl.DataFrame:
    """Rows of a slice, sorted by creative."""
    rows = await read_pages(await driver(connection), _SELECT_STANDING, _STANDING, slice_.client_id, day)
    rows = rows.select(pl.lit(day).alias("date"), "creative_id", "run_no", *METRICS)
    if slice_.creatives is None:
        return rows
    return rows.filter(pl.col("creative_id").is_in(pl.Series(slice_.creatives, dtype=pl.Int32).implode()))


async def add_rows(connection: AsyncConnection, client_id: int, rows: pl.DataFrame) -> None:
    """COPY new rows."""
    if rows.height:
        frame = rows.with_columns(client_id=pl.lit(client_id, dtype=pl.Int32))
        await copying.write(await driver(connection), "daily_metrics", frame, FACTS)


REWRITE_SHARE = 0.3
"""Of a date's rows; where more differ, deleting and COPYing them anew is faster (a million rows, all of
them changed: 14 s updated in place, 4 s written anew)."""


async def write_change(connection: AsyncConnection, slice_: Slice, day: date, change: Change) -> None:
    """Write what differs and nothing else: unchanged rows are not touched, so that nothing bloats."""
    if change.displaced.height > REWRITE_SHARE * change.after.height:
        if slice_.creatives is None and change.nothing_stays:
            await _delete_day(connection, slice_.client_id, day)
        else:
            await delete_rows(connection, slice_, day, change.displaced["creative_id"].to_list())
        rows = pl.concat([change.changed, change.added])
        await add_rows(connection, slice_.client_id, rows.sort("creative_id"))
        return
    if change.removed.height:
        await delete_rows(connection, slice_, day, change.removed["creative_id"].to_list())
    if change.changed.height:
        await _update_rows(connection, slice_.client_id, day, change.changed)
    await add_rows(connection, slice_.client_id, change.added)


async def delete_rows(
    connection: AsyncConnection, slice_: Slice, day: date, creative_ids: Sequence[int]
) -> None:
    """Delete rows of a date by creative.

    Joined: with ``= ANY`` of 50,000 keys PostgreSQL at times goes through them for every row (5 s, not 0.1).
    """
    await connection.execute(
        text(
            "DELETE FROM daily_metrics d USING unnest(cast(:creatives AS integer[])) AS gone (creative_id) "
            "WHERE d.client_id = :client AND d.date = :day AND d.creative_id = gone.creative_id"
        ),
        {"client": slice_.client_id, "day": day, "creatives": list(creative_ids)},
    )


async def _delete_day(connection: AsyncConnection, client_id: int, day: date) -> None:
    """All rows of a client's date; by creative it takes twice as long."""
    await connection.execute(
        text("DELETE FROM daily_metrics WHERE client_id = :client AND date = :day"),
        {"client": client_id, "day": day},
    )


async def _update_rows(connection: AsyncConnection, client_id: int, day: date, rows: pl.DataFrame) -> None:
    await connection.execute(
        text("CREATE TEMPORARY TABLE IF NOT EXISTS changed_rows (LIKE daily_metrics) ON COMMIT DELETE ROWS")
    )
    await connection.execute(text("TRUNCATE changed_rows"))
    frame = rows.with_columns(client_id=pl.lit(client_id, dtype=pl.Int32))
    await copying.write(await driver(connection), "changed_rows", frame, FACTS)
    assignments = ", ".join(f"{name} = n.{name}" for name in ("run_no", *METRICS))
    await connection.execute(
        text(
            f"UPDATE daily_metrics d SET {assignments} FROM changed_rows n "
            "WHERE d.client_id = :client AND d.date = :day AND n.creative_id = d.creative_id"
        ),
        {"client": client_id, "day": day},
    )


async def delete_creatives(
    connection: AsyncConnection, client_id: int, creative_ids: Sequence[int]
) -> list[date]:
    """Delete all rows of creatives; returns the dates that had some."""
    rows = await connection.execute(
        text(
            "WITH gone AS (DELETE FROM daily_metrics d USING unnest(cast(:creatives AS integer[])) AS c (id) "
            "WHERE d.client_id = :client AND d.creative_id = c.id RETURNING d.date) "
            "SELECT DISTINCT date FROM gone ORDER BY 1"
        ),
        {"client": client_id, "creatives": list(creative_ids)},
    )
    return list(rows.scalars())


async def totals_by_date(
    connection: AsyncConnection, slice_: Slice, dates: Collection[date]
) -> dict[date, Totals]:
    """Sums of a slice's rows, by date; dates without rows are left out."""
    sums = ", ".join(f"sum(d.{name})::bigint AS {name}" for name in METRICS)
    rows = await connection.execute(
        text(
            f"SELECT d.date, count(*) AS rows, {sums} FROM daily_metrics d "
            "JOIN creatives cr ON cr.client_id = d.client_id AND cr.id = d.creative_id "
            "JOIN placements pl ON pl.client_id = cr.client_id AND pl.id = cr.placement_id "
            "JOIN strategies st ON st.client_id = pl.client_id AND st.id = pl.strategy_id "
            "JOIN campaigns ca ON ca.client_id = st.client_id AND ca.id = st.campaign_id "
            "WHERE d.client_id = :client AND d.date = ANY(:dates) AND ca.source = :source "
            "AND ca.account = :account GROUP BY d.date"
        ),
        {
            "client": slice_.client_id,
            "source": slice_.source,
            "account": slice_.account,
            "dates": list(dates),
        },
    )
    return {
        row["date"]: Totals(row["rows"], {name: row[name] for name in METRICS}) for row in rows.mappings()
    }


async def delete_rollups(connection: AsyncConnection, client_id: int, campaign_id: int) -> None:
    """Rollups of a campaign that is deleted; the aggregator does the rest."""
    await connection.execute(
        text("DELETE FROM rollups WHERE client_id = :client AND campaign_id = :campaign"),
        {"client": client_id, "campaign": campaign_id},
    )
