"""One refresh: what changed days of one client come to, in one transaction.

Everything is recomputed from rows, never added to what stands. The lock is held by the transaction that
writes; rows, rates and hierarchy are read on a second connection whose one snapshot is taken after that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import date
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.summarise.v1 import SummariesUpdated
from libs.ahead import eagerly
from libs.bus import outbox
from libs.db.engine import snapshot, transaction
from libs.db.errors import translated
from libs.failpoints import failpoint
from libs.metrics.blocks import BrokenBlock, decode
from libs.metrics.measures import FACTS
from services.aggregator.frames import NO_ROLLUPS, Day, Hierarchy, changed_days, summed_day
from services.aggregator.handlers.periods import Made, refresh_periods
from services.aggregator.handlers.preparing import Prepared
from services.aggregator.rules import periods_of
from services.aggregator.store import blocks, facts, rollups, staged
from services.aggregator.store.clients import Client, bump_version, take_turn
from services.aggregator.store.hierarchy import Hierarchies

TURN_MS = 3000
"""How long a refresh waits for another one of its client: most take less than one second, and while it waits
no other client's load is summed up. A re-pricing of a whole year (30 s) is waited for on the retry ladder."""

ROLLUPS_AT_ONCE = 31
"""Days whose rollups are compared and written together."""


async def refresh(
    engine: AsyncEngine,
    client_id: UUID,
    days: Collection[date],
    *,
    rows_changed: bool = True,
    hierarchies: Hierarchies | None = None,
    prepared: Prepared | None = None,
) -> None:
    """Recompute rollups, blocks and summaries that these days are in, and announce them.

    ``rows_changed`` false: only rates did, and the rows of a day are read from its block, which has them all
    (a load that is not summed up yet has a message of its own). No days: only the version is raised.
    ``hierarchies``: what was read before, so that only what is new is read. ``prepared``: rows that need not
    be read where they are proved to be all. Raises Transient while the database is away or the client's turn
    does not come.
    """
    touched = sorted(set(days))
    with translated():
        async with transaction(engine, lock_timeout_ms=TURN_MS) as writing:
            client = await take_turn(writing, client_id)
            if touched:
                async with snapshot(engine) as reading:
                    rows = _Rows(reading, client, from_blocks=not rows_changed)
                    hierarchy = await (hierarchies or Hierarchies()).of(reading, client.id)
                    if prepared is not None and prepared.epoch == hierarchy.epoch:
                        await rows.use(prepared, touched)
                    await _refresh_days(rows, hierarchy, writing, touched, made := Made())
                await refresh_periods(writing, client, hierarchy, touched, made)
            version = await bump_version(writing, client.id)
            if touched:
                news = _updated(client_id, version, touched)
                await outbox.put(writing, "aggregator", "summaries.updated", news)
            failpoint("aggregator.before_commit")
    failpoint("aggregator.after_commit")


def _updated(client_id: UUID, version: int, days: list[date]) -> SummariesUpdated:
    return SummariesUpdated(
        client_id=client_id,
        data_version=version,
        dates=days,
        weeks=periods_of("week", days),
        months=periods_of("month", days),
    )


class _Rows:
    """The rows of a client's days, read from one snapshot."""

    def __init__(self, reading: AsyncConnection, client: Client, *, from_blocks: bool) -> None:
        self.reading, self.client = reading, client
        self._from_blocks = from_blocks
        self._at_hand: dict[date, pl.DataFrame] = {}

    async def use(self, prepared: Prepared, days: Sequence[date]) -> None:
        """Rows that need not be read."""
        written = await staged.written_alone(self.reading, self.client.id, prepared.run_id, days)
        self._at_hand = prepared.proved_by(written)
        prepared.days.clear()  # they are held here alone, until they are summed up

    async def each(self, days: Sequence[date]) -> AsyncGenerator[tuple[date, pl.DataFrame]]:
        """``creative_id`` and FACTS of each day."""
        for day in days:
            yield day, await self.of(day)

    async def of(self, day: date) -> pl.DataFrame:
        """``creative_id`` and FACTS of a day."""
        if (at_hand := self._at_hand.pop(day, None)) is not None:
            return at_hand
        if self._from_blocks:
            payload = await blocks.read_block(self.reading, self.client.id, "day", day)
            if payload is not None:
                with contextlib.suppress(BrokenBlock):  # then it is made anew from the rows
                    return await asyncio.to_thread(decode, payload, FACTS)
        return await facts.facts_of(self.reading, self.client.id, day)


async def _refresh_days(
    rows: _Rows, hierarchy: Hierarchy, writing: AsyncConnection, days: Sequence[date], made: Made
) -> None:
    """Three days are under way: one is read, one is summed up, one is written."""
    cpms = await facts.cpms_of(rows.reading, rows.client.id, days)
    for start in range(0, len(days), ROLLUPS_AT_ONCE):
        some = days[start : start + ROLLUPS_AT_ONCE]
        fresh = [NO_ROLLUPS]
        async with aclosing(eagerly(_each_summed(rows.each(some), hierarchy, cpms))) as each:
            async for day, summed in each:
                await blocks.write_block(writing, rows.client.id, "day", day, summed.block)
                made.put("day", day, summed.block)
                fresh.append(summed.rollups)
                del summed
        await _replace_changed(writing, rows.client, some, pl.concat(fresh))


async def _each_summed(
    each: AsyncGenerator[tuple[date, pl.DataFrame]],
    hierarchy: Hierarchy,
    cpms: Mapping[date, Mapping[str, int | None]],
) -> AsyncGenerator[tuple[date, Day]]:
    async with aclosing(eagerly(each)) as read:
        async for day, found in read:
            at_hand = [found]
            del found  # hundreds of megabytes for a day of a million creatives
            yield day, await asyncio.to_thread(_summed, at_hand, day, hierarchy, cpms.get(day, {}))


def _summed(rows: list[pl.DataFrame], day: date, hierarchy: Hierarchy, cpms: Mapping[str, int | None]) -> Day:
    return summed_day(rows.pop(), day, hierarchy, cpms)


async def _replace_changed(
    writing: AsyncConnection, client: Client, days: Sequence[date], fresh: pl.DataFrame
) -> None:
    standing = await rollups.standing_rollups(writing, client.id, days)
    changed = changed_days(standing, fresh, days)
    if changed:
        new = fresh.filter(pl.col("date").is_in(changed))
        await rollups.replace_rollups(writing, client.id, changed, new)
