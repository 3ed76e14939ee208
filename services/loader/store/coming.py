"""Rows of daily_metrics that are written while they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db import copying
from libs.db.engine import driver
from services.loader.store.facts import FACTS


async def add_rows(connection: AsyncConnection, client_id: int, frames: AsyncGenerator[pl.DataFrame]) -> None:
    """COPY all of them. Months that one COPY has not seen when it began are left to the next one.

    It would not find partitions that were made since.
    """
    raw, client = await driver(connection), pl.lit(client_id, dtype=pl.Int32)
    frame = await anext(frames, None)
    while frame is not None:
        left: list[pl.DataFrame] = []
        same = _of_the_same_months(frame, frames, left)
        rows = (frame.with_columns(client_id=client) async for frame in same)
        await copying.write_coming(raw, "daily_metrics", rows, FACTS)
        frame = left.pop() if left else None


async def _of_the_same_months(
    first: pl.DataFrame, frames: AsyncGenerator[pl.DataFrame], left: list[pl.DataFrame]
) -> AsyncGenerator[pl.DataFrame]:
    months = _months(first)
    yield first
    async for frame in frames:
        if not _months(frame) <= months:
            left.append(frame)
            return
        yield frame


def _months(rows: pl.DataFrame) -> set[date]:
    return set(rows["date"].dt.month_start().unique().to_list())
