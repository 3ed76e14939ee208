"""Weeks and months from the blocks of their days, and their summaries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.blocks import read_head
from libs.metrics.periods import Period, cover, end_of, previous
from libs.metrics.ranking import Thresholds
from services.aggregator import rules
from services.aggregator.frames import Hierarchy, Whole, summed_blocks
from services.aggregator.rules import Standing
from services.aggregator.store import blocks, facts, rollups, summaries
from services.aggregator.store.clients import Client

PARTS: Mapping[Period, tuple[Period, ...]] = {"week": ("day",), "month": ("week", "day")}
"""What a period's block is summed from. A month: from its whole weeks and days, 10 blocks, not 31."""


KEPT_BYTES = 32 * 1024 * 1024
"""Of blocks of days and weeks, until their months are summed up."""

LARGE = 4 * 1024 * 1024
"""Blocks of more bytes are read again: who sums up a million creatives needs the memory."""


class Made:
    """Blocks that were made just now: they need not be read again, as far as there is room for them."""

    def __init__(self) -> None:
        self._payloads: dict[tuple[Period, date], bytes] = {}
        self._room = KEPT_BYTES

    def put(self, period: Period, start: date, payload: bytes) -> None:
        """Keep one, if it has rows: else there is none."""
        if len(payload) <= min(self._room, LARGE) and read_head(payload).rows:
            self._room -= len(payload)
            self._payloads[period, start] = payload

    async def of(
        self, connection: AsyncConnection, client_id: int, parts: Sequence[tuple[Period, date]]
    ) -> list[bytes]:
        """The blocks of these periods, as far as there are any."""
        missing = [part for part in parts if part not in self._payloads]
        read = await blocks.read_blocks(connection, client_id, missing) if missing else []
        return read + [self._payloads[part] for part in parts if part in self._payloads]


async def refresh_periods(
    writing: AsyncConnection, client: Client, hierarchy: Hierarchy, days: Sequence[date], made: Made
) -> None:
    """Blocks and summaries of the weeks, then of the months, that these days are in."""
    for period in PARTS:  # weeks first: months are made of them
        starts = rules.periods_of(period, days)
        after = {end_of(period, start) for start in starts} - set(starts)
        around = {*starts, *after, *(previous(period, start) for start in starts)}
        standing = await rollups.standing_sums(
            writing, client.id, [(start, end_of(period, start)) for start in sorted(around)]
        )
        for start in starts:
            whole = await _refresh_block(writing, client, hierarchy, period, start, made)
            await _write_summary(writing, client, period, start, whole, standing)
            del whole  # before the next one is made
        for start in after & standing.keys():
            changes = rules.deltas(standing[start], standing.get(previous(period, start)))
            await summaries.write_deltas(writing, client.id, period, start, changes)


async def _refresh_block(
    writing: AsyncConnection, client: Client, hierarchy: Hierarchy, period: Period, start: date, made: Made
) -> Whole:
    parts = cover(start, end_of(period, start), PARTS[period])
    payloads = await made.of(writing, client.id, parts)
    whole = await asyncio.to_thread(summed_blocks, payloads, hierarchy)
    await blocks.write_block(writing, client.id, period, start, whole.block)
    made.put(period, start, whole.block)
    return whole


async def _write_summary(
    writing: AsyncConnection,
    client: Client,
    period: Period,
    start: date,
    whole: Whole,
    standing: dict[date, Standing],
) -> None:
    now = standing.get(start)
    if now is None:
        await summaries.delete_summary(writing, client.id, period, start)
        return
    found = await asyncio.to_thread(
        rules.summary, now, whole.campaigns, whole.leaders, Thresholds.of(client.settings)
    )
    named = rules.name_keys(
        found,
        await facts.public_ids_of(writing, "campaigns", client.id, rules.keys_in(found, "campaign_id")),
        await facts.public_ids_of(writing, "creatives", client.id, rules.keys_in(found, "creative_id")),
    )
    changes = rules.deltas(now, standing.get(previous(period, start)))
    await summaries.write_summary(writing, client.id, period, start, named, changes)
