"""Slices of daily_metrics (client, source, account, date): their order, their rows, what was displaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson
import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db import copying
from libs.db.copying import Column
from libs.db.engine import driver
from services.loader.frames import METRICS
from services.loader.frames.runs import Change, Totals
from services.loader.rules import Head, Order

_METRIC_COLUMNS = [Column(name, nullable=True) for name in METRICS]
_FACTS = [
    Column("client_id", "int4"),
    Column("date", "date"),
    Column("creative_id", "int4"),
    Column("run_no", "int4"),
    *_METRIC_COLUMNS,
]
_STANDING = _FACTS[1:]
_SELECT_METRICS = ", ".join(f"coalesce({name}, -1)" for name in METRICS)


@dataclass(frozen=True)
class Slice:
    """Whose rows: loads, undo and deletes of one client and source take turns."""

    client_id: int
    source: str
    account: str
    creatives: tuple[int, ...] | None = None
    """Those of the source and account; None: the client has no others."""


async def take_turn(connection: AsyncConnection, client_id: int, source: str) -> None:
    """Wait for the lock of a client and source; it must be taken before anything is read."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('slice ' || :source), :client)"),
        {"source": source, "client": client_id},
    )


async def ensure_months(connection: AsyncConnection, dates: Collection[date]) -> None:
    """Partitions for these dates."""
    for month in sorted({day.replace(day=1) for day in dates}):
        await connection.execute(text("SELECT ensure_month(:month)"), {"month": month})


async def heads(connection: AsyncConnection, slice_: Slice, dates: Collection[date]) -> dict[date, Head]:
    """The deliveries that stand for these dates."""
    rows = await connection.execute(
        text(
            "SELECT date, delivered_at, run_no, digest FROM slice_head "
            "WHERE client_id = :client AND source = :source AND account = :account AND date = ANY(:dates)"
        ),
        {
            "client": slice_.client_id,
            "source": slice_.source,
            "account": slice_.account,
            "dates": list(dates),
        },
    )
    return {row.date: Head(Order(row.delivered_at, row.run_no), row.digest) for row in rows}


async def put_head(connection: AsyncConnection, slice_: Slice, day: date, head: Head) -> None:
    """From now on this delivery stands for the date."""
    await connection.execute(
        text(
            "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no, digest) "
            "VALUES (:client, :source, :account, :day, :delivered, :run_no, :digest) "
            "ON CONFLICT (client_id, source, account, date) DO UPDATE SET "
            "delivered_at = excluded.delivered_at, run_no = excluded.run_no, digest = excluded.digest"
        ),
        {
            "client": slice_.client_id,
            "source": slice_.source,
            "account": slice_.account,
            "day": day,
            "delivered": head.order.delivered_at,
            "run_no": head.order.run_no,
            "digest": head.digest,
        },
    )


async def drop_head(connection: AsyncConnection, slice_: Slice, day: date) -> None:
    """No delivery stands for the date."""
    await connection.execute(
        text(
            "DELETE FROM slice_head "
            "WHERE client_id = :client AND source = :source AND account = :account AND date = :day"
        ),
        {"client": slice_.client_id, "source": slice_.source, "account": slice_.account, "day": day},
    )


async def forget_digests(
    connection: AsyncConnection, client_id: int, source: str, dates: Collection[date]
) -> None:
    """Rows of these dates changed otherwise: no digest describes them any more."""
    await connection.execute(
        text(
            "UPDATE slice_head SET digest = NULL "
            "WHERE client_id = :client AND source = :source AND date = ANY(:dates)"
        ),
        {"client": client_id, "source": source, "dates": list(dates)},
    )


async def orders(connection: AsyncConnection, client_id: int, run_nos: Collection[int]) -> dict[int, Order]:
    """The order of deliveries of runs that have rows."""
    rows = await connection.execute(
        text(
            "SELECT run_no, delivered_at FROM ingestion_logs "
            "WHERE client_id = :client AND run_no = ANY(:run_nos) AND delivered_at IS NOT NULL"
        ),
        {"client": client_id, "run_nos": list(run_nos)},
    )
    return {row.run_no: Order(row.delivered_at, row.run_no) for row in rows}


async def dates_with_rows(connection: AsyncConnection, client_id: int, dates: Collection[date]) -> set[date]:
    """Of these dates, those on which the client has rows at all."""
    rows = await connection.execute(
        text(
            "SELECT day FROM unnest(cast(:dates AS date[])) AS day WHERE EXISTS "
            "(SELECT FROM daily_metrics WHERE client_id = :client AND date = day)"
        ),
        {"client": client_id, "dates": list(dates)},
    )
    return set(rows.scalars())


async def standing_rows(connection: AsyncConnection, slice_: Slice, day: date) -> pl.DataFrame:
    """Rows of a slice, sorted by creative."""
    rows = await copying.read(
        await driver(connection),
        f"SELECT date, creative_id, run_no, {_SELECT_METRICS} FROM daily_metrics "
        "WHERE client_id = $1 AND date = $2 ORDER BY creative_id",
        _STANDING,
        slice_.client_id,
        day,
    )
    if slice_.creatives is None:
        return rows
    return rows.filter(pl.col("creative_id").is_in(pl.Series(slice_.creatives, dtype=pl.Int32).implode()))


async def add_rows(connection: AsyncConnection, client_id: int, rows: pl.DataFrame) -> None:
    """COPY new rows."""
    if rows.height:
        frame = rows.with_columns(client_id=pl.lit(client_id, dtype=pl.Int32))
        await copying.write(await driver(connection), "daily_metrics", frame, _FACTS)


REWRITE_SHARE = 0.3
"""Of a date's rows; where more differ, deleting and COPYing them anew is faster (a million rows, all of
them changed: 14 s updated in place, 4 s written anew)."""


async def write_change(connection: AsyncConnection, slice_: Slice, day: date, change: Change) -> None:
    """Write what differs and nothing else: unchanged rows are not touched, so that nothing bloats."""
    if change.displaced.height > REWRITE_SHARE * change.after.height:
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
    """Delete rows of a date by creative."""
    await connection.execute(
        text(
            "DELETE FROM daily_metrics "
            "WHERE client_id = :client AND date = :day AND creative_id = ANY(:creatives)"
        ),
        {"client": slice_.client_id, "day": day, "creatives": list(creative_ids)},
    )


async def _update_rows(connection: AsyncConnection, client_id: int, day: date, rows: pl.DataFrame) -> None:
    await connection.execute(
        text("CREATE TEMPORARY TABLE IF NOT EXISTS changed_rows (LIKE daily_metrics) ON COMMIT DELETE ROWS")
    )
    await connection.execute(text("TRUNCATE changed_rows"))
    frame = rows.with_columns(client_id=pl.lit(client_id, dtype=pl.Int32))
    await copying.write(await driver(connection), "changed_rows", frame, _FACTS)
    assignments = ", ".join(f"{name} = n.{name}" for name in ("run_no", *METRICS))
    await connection.execute(
        text(
            f"UPDATE daily_metrics d SET {assignments} FROM changed_rows n "
            "WHERE d.client_id = :client AND d.date = :day AND n.creative_id = d.creative_id"
        ),
        {"client": client_id, "day": day},
    )


async def keep_displaced(
    connection: AsyncConnection,
    slice_: Slice,
    run_no: int,
    day: date,
    *,
    rows: bytes | None,
    head_before: Mapping[str, object] | None,
) -> None:
    """What undo needs: the displaced rows, and the delivery that stood before."""
    await connection.execute(
        text(
            "INSERT INTO displaced_rows (client_id, run_no, source, account, date, rows, head_before) "
            "VALUES (:client, :run_no, :source, :account, :day, :rows, cast(:head AS jsonb))"
        ),
        {
            "client": slice_.client_id,
            "run_no": run_no,
            "source": slice_.source,
            "account": slice_.account,
            "day": day,
            "rows": rows,
            "head": None if head_before is None else orjson.dumps(head_before).decode(),
        },
    )


@dataclass(frozen=True)
class Displaced:
    """What a run displaced on a date."""

    day: date
    rows: bytes | None
    head_before: Head | None


async def displaced(connection: AsyncConnection, slice_: Slice, run_no: int) -> list[Displaced]:
    """All that a run displaced, by date."""
    found = await connection.execute(
        text(
            "SELECT date, rows, head_before FROM displaced_rows "
            "WHERE client_id = :client AND run_no = :run_no AND source = :source AND account = :account "
            "ORDER BY date"
        ),
        {
            "client": slice_.client_id,
            "run_no": run_no,
            "source": slice_.source,
            "account": slice_.account,
        },
    )
    return [Displaced(row.date, row.rows, _head(row.head_before)) for row in found]


async def displaced_payloads(connection: AsyncConnection, client_id: int) -> list[bytes]:
    """All displaced rows of a client, packed."""
    rows = await connection.execute(
        text("SELECT rows FROM displaced_rows WHERE client_id = :client AND rows IS NOT NULL"),
        {"client": client_id},
    )
    return list(rows.scalars())


def _head(kept: dict[str, object] | None) -> Head | None:
    if kept is None:
        return None
    order = Order(datetime.fromisoformat(str(kept["delivered_at"])), int(str(kept["run_no"])))
    digest = kept["digest"]
    return Head(order, None if digest is None else str(digest))


async def forget_displaced(connection: AsyncConnection, client_id: int, run_no: int, day: date) -> None:
    """An undo used it."""
    await connection.execute(
        text("DELETE FROM displaced_rows WHERE client_id = :client AND run_no = :run_no AND date = :day"),
        {"client": client_id, "run_no": run_no, "day": day},
    )


async def delete_creatives(
    connection: AsyncConnection, client_id: int, creative_ids: Sequence[int]
) -> list[date]:
    """Delete all rows of creatives; returns the dates that had some."""
    rows = await connection.execute(
        text(
            "WITH gone AS (DELETE FROM daily_metrics WHERE client_id = :client "
            "AND creative_id = ANY(:creatives) RETURNING date) SELECT DISTINCT date FROM gone ORDER BY 1"
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
