"""The sums that a question needs: from the cache, or from one state of the data."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from contracts.settling import SETTLING_DAYS
from libs.metrics.periods import days_of, start_of
from libs.metrics.values import Sums
from libs.operations.days import Supply
from libs.reading import figures, frames, ranges, summed
from libs.reading.frames import Level, Tree, Wanted
from libs.reading.keeping import Keeping, Kept
from libs.reading.store import blocks, coverage, rollups
from libs.reading.trends import Deliveries

BLOCKS_AT_ONCE = 8
"""Blocks of days in memory: some 4 MB each for 150,000 creatives."""


class Reading(Keeping):
    """A question and what answers it."""

    async def total(self, days: ranges.Range | None = None) -> Sums | None:
        """The sums of the question's slice (of other days, if given); None where it has no rows."""
        over = days or self.scope.days
        if self.scope.within:
            return await self.kept("total", lambda: self._total_within(over), 1, days=over)
        rows = self.scope.rows(over)
        return await self.kept("total", lambda: rollups.total(self.connection, rows), 1, days=over)

    async def grouped(self, by: str) -> Mapping[Any, Sums]:
        """Sums by day, week, month or source; of a part of a campaign by day, week or month."""
        if self.scope.within:
            return await self.kept(f"by {by}", lambda: self._grouped_within(by), self.scope.days.days)
        rows = self.scope.rows()
        return await self.kept(
            f"by {by}", lambda: rollups.grouped(self.connection, rows, by), self.scope.days.days
        )

    async def level(self, level: Level) -> pl.DataFrame:
        """A frame of sums of every entity of a level that has rows."""
        if level == "campaign" and not self.scope.within:
            return await self.kept_frame("campaign", self._campaigns)
        parts = [await self._of_client(level, client) for client in self.scope.client_ids]
        return parts[0] if len(parts) == 1 else frames.together(parts)

    async def settling(self) -> dict[str, int]:
        """source → days for which its figures may still move, for the sources that the question is about."""
        scope = self.scope
        known = await self.once("sources", lambda: coverage.sources(self.connection, scope.client_ids))
        wanted = {name: days for name, days in known.items() if scope.only_source in (None, name)}
        return {name: SETTLING_DAYS[name] if days is None else days for name, days in wanted.items()}

    async def provisional_from(self) -> date | None:
        """The first day whose figures may still move."""
        return ranges.provisional_from(self.scope.today, await self.settling())

    async def supplies(self) -> list[Supply]:
        """The sources that the question is about, client by client, and what is to be expected of them."""
        scope = self.scope
        found = await self.once("supplies", lambda: coverage.supplies(self.connection, scope.client_ids))
        return [supply for supply in found if scope.only_source in (None, supply.source)]

    async def first_day(self) -> date | None:
        """The first day that was ever delivered, of the source that the question is about or of any."""
        return min((each.first_day for each in await self.supplies() if each.first_day), default=None)

    async def deliveries(self) -> Deliveries:
        """What is known of the days of the question."""
        return await self.once("deliveries", self._deliveries)

    async def tree(self, client: int) -> Tree:
        """Which entity of a client hangs below which. Kept over loads that add none."""

        async def make() -> Kept:
            tables = ("creatives", "placements", "strategies", "campaigns")
            found = [frames.vector(*await blocks.links(self.connection, client, table)) for table in tables]
            tree = Tree(*found)
            return Kept(tree, tree.size)

        shape = await self.once(f"shape {client}", lambda: blocks.shape(self.connection, client))
        known_by = shape or ("version", self.scope.versions[client])
        tree: Tree = await self.from_cache(("tree", client, *known_by), make)
        return tree

    def wanted(self, client: int) -> Wanted:
        """Which creatives of a client the question is about."""
        return Wanted(client, self.scope.source, self.scope.campaign_key, self.scope.within)

    async def _campaigns(self) -> pl.DataFrame:
        return frames.frame_of(await rollups.by_campaign(self.connection, self.scope.rows()))

    async def _of_client(self, level: Level, client: int) -> pl.DataFrame:
        """Creatives from blocks, placements from creatives, strategies from placements."""
        wanted = self.wanted(client)
        if level == "creative" and wanted.everything:  # what is kept already, under other names
            return frames.of_all(await self._creatives(client, self.scope.days), client)

        async def make() -> pl.DataFrame:
            tree = await self.tree(client)
            if level == "creative":
                sums = await self._creatives(client, self.scope.days)
                return await asyncio.to_thread(frames.of_creatives, sums, tree, wanted)
            below = await self._of_client(frames.BELOW[level], client)
            return await asyncio.to_thread(frames.of_parents, below, tree.parents(level))

        return await self.kept_frame(level, make, client)

    async def _creatives(self, client: int, days: ranges.Range) -> pl.DataFrame:
        async def make() -> Kept:
            sums = await summed.over(self.connection, client, days)
            return Kept(sums, int(sums.estimated_size()))

        key = ("blocks", client, self.scope.versions[client], days.start, days.end)
        found: pl.DataFrame = await self.from_cache(key, make)
        return found

    async def _total_within(self, days: ranges.Range) -> Sums | None:
        client = self.scope.client_ids[0]
        sums, tree = await self._creatives(client, days), await self.tree(client)
        mine = await asyncio.to_thread(frames.of_creatives, sums, tree, self.wanted(client))
        return frames.total(mine) if mine.height else None

    async def _grouped_within(self, by: str) -> Mapping[Any, Sums]:
        """From the block of each day: rollups are by campaign."""
        if by == "source":
            total = await self.total()
            return {self.scope.only_source: total} if total else {}
        parts: dict[date, list[Sums]] = defaultdict(list)
        for day, sums in (await self.kept("days", self._days_within, self.scope.days.days)).items():
            parts[start_of(by, day)].append(sums)  # type: ignore[arg-type]
        return {start: figures.added(sums) for start, sums in parts.items()}

    async def _days_within(self) -> dict[date, Sums]:
        client, days = self.scope.client_ids[0], self.scope.days
        tree, wanted = await self.tree(client), self.wanted(client)
        found = {}
        every = list(days_of(days.start, days.end))
        for first in range(0, len(every), BLOCKS_AT_ONCE):
            some = every[first : first + BLOCKS_AT_ONCE]
            for day, payload in await blocks.of_days(self.connection, client, some):
                rows = await asyncio.to_thread(frames.of_block, payload, tree, wanted)
                if rows.height:
                    found[day] = frames.total(rows)
        return found

    async def _deliveries(self) -> Deliveries:
        scope, days = self.scope, self.scope.days
        standing: dict[date, dict[str, int]] = defaultdict(dict)
        for found in await coverage.delivered(self.connection, scope.client_ids, days.start, days.end):
            if scope.only_source in (None, found.source):
                standing[found.day][found.source] = found.clients
        troubles = await coverage.troubles(self.connection, scope.client_ids, days.start, days.end)
        asked = {key: trouble for key, trouble in troubles.items() if scope.only_source in (None, key[0])}
        return Deliveries(dict(standing), asked, await self.first_day(), tuple(await self.supplies()))
