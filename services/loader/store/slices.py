"""Slices (client, source, account, date): who may change them now, and which delivery stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.loader.rules import Head, Order


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


async def try_turn(connection: AsyncConnection, client_id: int, source: str) -> bool:
    """As ``take_turn``, where nobody else has it."""
    found = await connection.execute(
        text("SELECT pg_try_advisory_xact_lock(hashtext('slice ' || :source), :client)"),
        {"source": source, "client": client_id},
    )
    return bool(found.scalar_one())


async def others_wait(connection: AsyncConnection, pid: int) -> bool:
    """Whether somebody waits for a turn that the session of this process id has."""
    found = await connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM pg_locks mine JOIN pg_locks other "
            "USING (locktype, database, classid, objid, objsubid) WHERE locktype = 'advisory' "
            "AND mine.pid = :pid AND mine.granted AND NOT other.granted)"
        ),
        {"pid": pid},
    )
    return bool(found.scalar_one())


async def heads(connection: AsyncConnection, slice_: Slice, dates: Collection[date]) -> dict[date, Head]:
    """The deliveries that stand for these dates, as the whole truth of them."""
    rows = await connection.execute(
        text(
            "SELECT date, delivered_at, run_no, digest FROM slice_head "
            "WHERE client_id = :client AND source = :source AND account = :account AND date = ANY(:dates) "
            "AND whole"
        ),
        {**_named(slice_), "dates": list(dates)},
    )
    return {row.date: Head(Order(row.delivered_at, row.run_no), row.digest) for row in rows}


async def put_head(connection: AsyncConnection, slice_: Slice, day: date, head: Head) -> None:
    """From now on this delivery stands for the date."""
    await connection.execute(
        text(
            "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no, digest) "
            "VALUES (:client, :source, :account, :day, :delivered, :run_no, :digest) "
            "ON CONFLICT (client_id, source, account, date) DO UPDATE SET "
            "delivered_at = excluded.delivered_at, run_no = excluded.run_no, digest = excluded.digest, "
            "whole = true"
        ),
        {
            **_named(slice_),
            "day": day,
            "delivered": head.order.delivered_at,
            "run_no": head.order.run_no,
            "digest": head.digest,
        },
    )


async def put_part(connection: AsyncConnection, slice_: Slice, day: date, order: Order) -> None:
    """A delivery that covers no day brought rows of this one: it is there, unless more of it stands."""
    await connection.execute(
        text(
            "INSERT INTO slice_head AS stands "
            "(client_id, source, account, date, delivered_at, run_no, whole) "
            "VALUES (:client, :source, :account, :day, :delivered, :run_no, false) "
            "ON CONFLICT (client_id, source, account, date) DO UPDATE SET "
            "delivered_at = excluded.delivered_at, run_no = excluded.run_no "
            "WHERE NOT stands.whole "
            "AND (excluded.delivered_at, excluded.run_no) > (stands.delivered_at, stands.run_no)"
        ),
        {**_named(slice_), "day": day, "delivered": order.delivered_at, "run_no": order.run_no},
    )


async def drop_head(connection: AsyncConnection, slice_: Slice, day: date) -> None:
    """No delivery stands for the date."""
    await connection.execute(
        text(
            "DELETE FROM slice_head "
            "WHERE client_id = :client AND source = :source AND account = :account AND date = :day"
        ),
        {**_named(slice_), "day": day},
    )


def _named(slice_: Slice) -> dict[str, object]:
    return {"client": slice_.client_id, "source": slice_.source, "account": slice_.account}


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
