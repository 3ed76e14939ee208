"""The cache of sums. Its keys carry the question, its clients and the versions of their data: never old."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl
from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading import ranges
from libs.reading.scope import Scope

Value = TypeVar("Value")
ROW_BYTES = 4_000
"""Of a row of sums in memory."""


@dataclass(frozen=True)
class Kept:
    """A value in the cache and the bytes that it takes."""

    value: Any
    size: int


@dataclass(frozen=True)
class Keeping:
    """A question, the state of the data that answers it, and what is known already."""

    cache: LRUCache[Any, Kept]
    connection: AsyncConnection
    scope: Scope
    _known: dict[str, Any] = field(default_factory=dict)
    """What was looked up for this request."""

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

        found: Value = await self.from_cache(self._key(what, days or self.scope.days, *more), sized)
        return found

    async def kept_frame(
        self, what: str, make: Callable[[], Awaitable[pl.DataFrame]], *more: object
    ) -> pl.DataFrame:
        """The same for a frame, which knows its size."""

        async def sized() -> Kept:
            found = await make()
            return Kept(found, int(found.estimated_size()))

        frame: pl.DataFrame = await self.from_cache(self._key(what, self.scope.days, *more), sized)
        return frame

    def _key(self, what: str, days: ranges.Range, *more: object) -> tuple[Any, ...]:
        scope = self.scope
        versions = sorted(scope.versions.items())
        return (what, *versions, days.start, days.end, scope.source, scope.campaign_key, scope.within, *more)

    async def from_cache(self, key: tuple[Any, ...], make: Callable[[], Awaitable[Kept]]) -> Any:
        """What is kept under a key that says all that it depends on."""
        found = self.cache.get(key)
        if found is None:
            found = await make()
            if found.size <= self.cache.maxsize / 4:
                self.cache[key] = found
        return found.value

    async def once(self, name: str, make: Callable[[], Awaitable[Value]]) -> Value:
        """A value that is looked up once in a request."""
        if name not in self._known:
            self._known[name] = await make()
        found: Value = self._known[name]
        return found
