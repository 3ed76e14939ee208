"""What a run displaced, kept for as long as it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.loader.rules import Head, Order
from services.loader.store.slices import Slice


async def keep(
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


async def of_run(connection: AsyncConnection, slice_: Slice, run_no: int) -> list[Displaced]:
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


async def payloads(connection: AsyncConnection, client_id: int) -> list[bytes]:
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


async def forget(connection: AsyncConnection, client_id: int, run_no: int, day: date) -> None:
    """An undo used it."""
    await connection.execute(
        text("DELETE FROM displaced_rows WHERE client_id = :client AND run_no = :run_no AND date = :day"),
        {"client": client_id, "run_no": run_no, "day": day},
    )
