"""Blocks of columns: one per day, ISO week and month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.blocks import read_head
from libs.metrics.periods import Period


async def read_block(
    connection: AsyncConnection, client_id: int, period: Period, start: date
) -> bytes | None:
    """The payload of one period."""
    payload = await connection.scalar(
        text(
            "SELECT payload FROM rollup_blocks "
            "WHERE client_id = :client AND period = :period AND start_date = :start"
        ),
        {"client": client_id, "period": period, "start": start},
    )
    return None if payload is None else bytes(payload)


async def read_blocks(
    connection: AsyncConnection, client_id: int, cover: Sequence[tuple[Period, date]]
) -> list[bytes]:
    """Payloads of the periods that there are, in the order of their days."""
    rows = await connection.scalars(
        text(
            "SELECT b.payload "
            "FROM unnest(CAST(:periods AS text[]), CAST(:starts AS date[])) AS c(period, start) "
            "JOIN rollup_blocks b "
            "ON b.client_id = :client AND b.period = c.period AND b.start_date = c.start "
            "ORDER BY c.start"
        ),
        {
            "client": client_id,
            "periods": [period for period, _ in cover],
            "starts": [start for _, start in cover],
        },
    )
    return [bytes(payload) for payload in rows]


async def write_block(
    connection: AsyncConnection, client_id: int, period: Period, start: date, payload: bytes
) -> None:
    """Put a period's block in place; one that is the same already is not touched. No rows: no block."""
    rows = read_head(payload).rows
    given = {"client": client_id, "period": period, "start": start}
    if not rows:
        await connection.execute(
            text(
                "DELETE FROM rollup_blocks "
                "WHERE client_id = :client AND period = :period AND start_date = :start"
            ),
            given,
        )
        return
    await connection.execute(
        text(
            "INSERT INTO rollup_blocks (client_id, period, start_date, rows, payload) "
            "VALUES (:client, :period, :start, :rows, :payload) "
            "ON CONFLICT (client_id, period, start_date) DO UPDATE "
            "SET rows = excluded.rows, payload = excluded.payload "
            "WHERE rollup_blocks.payload IS DISTINCT FROM excluded.payload"
        ),
        {**given, "rows": rows, "payload": payload},
    )
