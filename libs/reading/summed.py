"""Sums by creative over a range, from blocks: the next ones are fetched while those before are summed up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.blocks import read_head
from libs.metrics.combine import Summing, sum_by_creative
from libs.metrics.periods import cover_of_rows
from libs.reading.ranges import Range
from libs.reading.store import blocks

FETCHED_AT_ONCE = 3
"""Blocks: some 12 MB for 150,000 creatives. Of a year there are 18."""


async def over(connection: AsyncConnection, client: int, days: Range) -> pl.DataFrame:
    """``creative_id`` and SUMS of every creative with rows on these days."""
    rows = await blocks.days_with_rows(connection, client)
    if rows is None or days.end <= rows[0] or rows[1] < days.start:
        return sum_by_creative([])
    found = await blocks.heads(connection, client, cover_of_rows(days.start, days.end, rows))
    names = [name for name, _ in found]
    summing = Summing([read_head(head) for _, head in found])
    if summing.is_sparse:
        return await asyncio.to_thread(sum_by_creative, await blocks.payloads(connection, client, names))
    await _add_all(connection, client, names, summing)
    return await asyncio.to_thread(summing.frame)


async def _add_all(
    connection: AsyncConnection, client: int, names: Sequence[blocks.Named], summing: Summing
) -> None:
    numbers = count()

    def add(payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            summing.add(next(numbers), payload)

    groups = [names[n : n + FETCHED_AT_ONCE] for n in range(0, len(names), FETCHED_AT_ONCE)]
    payloads: Sequence[bytes] = ()
    for group in groups:
        fetching = blocks.payloads(connection, client, group)
        payloads, _ = await asyncio.gather(fetching, asyncio.to_thread(add, payloads))
    await asyncio.to_thread(add, payloads)
