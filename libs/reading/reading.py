"""The sums that a question needs: from the cache, or from one state of the data."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl
from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.settling import SETTLING_DAYS
from libs.metrics.combine import sum_by_creative
from libs.metrics.periods import cover
from libs.metrics.values import Sums
from libs.reading import frames, ranges
from libs.reading.frames import Level, Tree
from libs.reading.scope import Scope
from libs.reading.store import blocks, coverage, rollups
from libs.reading.trends import Deliveries

Value = TypeVar("Value")
ROW_BYTES = 4_000
"""Of a row of sums in memory."""


@dataclass(frozen=True)
class Kept:
    """A value in the cache and the bytes that it takes."""

    value: Any
    size: int


@dataclass(frozen=True)
class Reading:
    """A question and what answers it. Keys of the cache carry clients and data versions: it is never old."""

    cache: LRUCache[Any, Kept]
    connection: AsyncConnection
    scope: Scope
    _known: dict[str, Any] = field(default_factory=dict)
    """What was looked up for this request."""

    async def total(self, days: ranges.Range | None = None) -> Sums | None:
        """The sums of the question's slice (of other days, if given); None where it has no rows."""
        rows = self.scope.rows(days)
        return await self.kept("total", lambda: rollups.total(self.connection, rows), 1, days=days)

    async def grouped(self, by: str) -> Mapping[Any, Sums]:
        """Sums by day, week, month or source."""
        rows = self.scope.rows()
        return await self.kept(
            f"by {by}", lambda: rollups.grouped(self.connection, rows, by), self.scope.days.days
        )

    async def level(self, level: Level) -> pl.DataFrame:
        """A frame of sums of every entity of a level that has rows."""
        if level == "campaign":
            return await self.kept_frame("campaign", self._campaigns)
        parts = [await self._of_client(level, client) for client in self.scope.client_ids]
        return parts[0] if len(parts) == 1 else frames.together(parts)

    async def settling(self) -> dict[str, int]:
        """source → days for which its figures may still move, for the sources that the question is about."""
        scope = self.scope
        known = await self._once("sources", lambda: coverage.sources(self.connection, scope.client_ids))
        only = scope.campaign["source"] if scope.campaign else scope.source
        wanted = {name: days for name, days in known.items() if only in (None, name)}
        return {name: SETTLING_DAYS[name] if days is None else days for name, days in wanted.items()}

    async def provisional_from(self) -> date | None:
        """The first day whose figures may still move."""
        return ranges.provisional_from(self.scope.today, await self.settling())

    async def extents(self) -> dict[str, tuple[Any, ...]]:
        """source → its first and last delivered day and when it was last delivered."""
        return await self._once("extents", lambda: coverage.extent(self.connection, self.scope.client_ids))

    async def deliveries(self) -> Deliveries:
        """What is known of the days of the question."""
        return await self._once("deliveries", self._deliveries)

    async def kept(
        self,
        what: str,
        make: Callable[[], Awaitable[Value]],
        rows: int,
        *more: object,
        days: ranges.Range | None = None,
    ) -> Value:
        """A value of so many rows that follows from the question's slice alone, and from ``more``."""

        async def sized() -> Kept:
            return Kept(await make(), rows * ROW_BYTES)

        over = days or self.scope.days
        scope = self.scope
        key = (
            what,
            *sorted(scope.versions.items()),
            over.start,
            over.end,
            scope.source,
            self._campaign,
            *more,
        )
        found: Value = await self._from_cache(key, sized)
        return found

    async def kept_frame(
        self, what: str, make: Callable[[], Awaitable[pl.DataFrame]], *more: object
    ) -> pl.DataFrame:
        """The same for a frame, which knows its size."""

        async def sized() -> Kept:
            found = await make()
            return Kept(found, int(found.estimated_size()))

        days, scope = self.scope.days, self.scope
        key = (
            what,
            *sorted(scope.versions.items()),
            days.start,
            days.end,
            scope.source,
            self._campaign,
            *more,
        )
        frame: pl.DataFrame = await self._from_cache(key, sized)
        return frame

    @property
    def _campaign(self) -> int | None:
        return int(self.scope.campaign["id"]) if self.scope.campaign else None

    async def _from_cache(self, key: tuple[Any, ...], make: Callable[[], Awaitable[Kept]]) -> Any:
        found = self.cache.get(key)
        if found is None:
            found = await make()
            if found.size <= self.cache.maxsize / 4:
                self.cache[key] = found
        return found.value

    async def _once(self, name: str, make: Callable[[], Awaitable[Value]]) -> Value:
        if name not in self._known:
            self._known[name] = await make()
        found: Value = self._known[name]
        return found

    async def _campaigns(self) -> pl.DataFrame:
        return frames.frame_of(await rollups.by_campaign(self.connection, self.scope.rows()))

    async def _of_client(self, level: Level, client: int) -> pl.DataFrame:
        """Creatives from blocks, placements from creatives, strategies from placements."""

        async def make() -> pl.DataFrame:
            tree = await self._tree(client)
            if level == "creative":
                wanted = frames.Wanted(client, self.scope.source, self._campaign)
                return await asyncio.to_thread(
                    frames.of_creatives, await self._creatives(client), tree, wanted
                )
            below: Level = "creative" if level == "placement" else "placement"
            parents = tree.placement_of if level == "placement" else tree.strategy_of
            return await asyncio.to_thread(frames.of_parents, await self._of_client(below, client), parents)

        return await self.kept_frame(level, make, client)

    async def _creatives(self, client: int) -> pl.DataFrame:
        days = self.scope.days

        async def make() -> Kept:
            payloads = await blocks.payloads(self.connection, client, cover(days.start, days.end))
            sums = await asyncio.to_thread(sum_by_creative, payloads)
            return Kept(sums, int(sums.estimated_size()))

        key = ("blocks", client, self.scope.versions[client], days.start, days.end)
        found: pl.DataFrame = await self._from_cache(key, make)
        return found

    async def _tree(self, client: int) -> Tree:
        async def make() -> Kept:
            tables = ("creatives", "placements", "strategies", "campaigns")
            found = [frames.vector(*await blocks.links(self.connection, client, table)) for table in tables]
            tree = Tree(*found)
            return Kept(tree, tree.size)

        tree: Tree = await self._from_cache(("tree", client, self.scope.versions[client]), make)
        return tree

    async def _deliveries(self) -> Deliveries:
        scope, days = self.scope, self.scope.days
        standing: dict[date, set[str]] = defaultdict(set)
        for found in await coverage.delivered(self.connection, scope.client_ids, days.start, days.end):
            if scope.source in (None, found.source):
                standing[found.day].add(found.source)
        troubles = await coverage.troubles(self.connection, scope.client_ids, days.start, days.end)
        asked = {key: trouble for key, trouble in troubles.items() if scope.source in (None, key[0])}
        extents = await self.extents()
        firsts = [extent[0] for source, extent in extents.items() if scope.source in (None, source)]
        kept = {day: frozenset(sources) for day, sources in standing.items()}
        return Deliveries(kept, asked, min(firsts, default=None))
