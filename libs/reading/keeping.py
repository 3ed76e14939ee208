"""The cache of sums. Its keys carry the question, its clients and the versions of their data: never old."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl
from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading import ranges
from libs.reading.scope import Scope
from libs.reading.store.state import state_of

Value = TypeVar("Value")
ROW_BYTES = 4_000
"""Of a row of sums in memory."""


@dataclass(frozen=True)
class Kept:
    """A value in the cache and the bytes that it takes."""

    value: Any
    size: int


class Sums(LRUCache[Any, Kept]):
    """What is kept, the least recently used forgotten first, and what is being made just now."""

    def __init__(self, size: int) -> None:
        """``size`` in bytes."""
        super().__init__(size, getsizeof=lambda kept: kept.size)
        self._under_way: dict[Any, asyncio.Future[Kept | None]] = {}

    async def find(self, key: Any, make: Callable[[], Awaitable[Kept]]) -> Kept:
        """What is kept, or made; who asks for what another request makes waits for that.

        Many look at one page when its figures have changed: it is made once, not by all of them side by side.
        Whoever makes it may fail or be gone before it ends: then it is the next one's turn.
        """
        while (found := self.get(key)) is None:
            under_way = self._under_way.get(key)
            if under_way is None:
                return await self._make(key, make)
            found = await asyncio.shield(under_way)
            if found is not None:
                break
        return found

    async def _make(self, key: Any, make: Callable[[], Awaitable[Kept]]) -> Kept:
        under_way = self._under_way[key] = asyncio.get_running_loop().create_future()
        found = None
        try:
            found = await make()
            if found.size <= self.maxsize / 4:
                self[key] = found
            return found
        finally:
            del self._under_way[key]
            under_way.set_result(found)


@dataclass(frozen=True)
class Keeping:
    """A question, the state of the data that answers it, and what is known already."""

    cache: Sums
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

    async def answer(
        self,
        what: str,
        make: Callable[[], Awaitable[bytes]],
        *more: object,
        days: ranges.Range | None = None,
    ) -> bytes:
        """A whole answer as it is sent, until anything in it is different. ``days``: all that it looks at, if
        that is more than the question's.
        """
        state = await state_of(self.connection, self.scope.client_ids, days or self.scope.days)

        async def sized() -> Kept:
            body = await make()
            return Kept(body, len(body))

        key = self._key(f"answer: {what}", self.scope.days, state, self.scope.told(), *more)
        found: bytes = await self.from_cache(key, sized)
        return found

    def _key(self, what: str, days: ranges.Range, *more: object) -> tuple[Any, ...]:
        scope = self.scope
        versions = sorted(scope.versions.items())
        return (what, *versions, days.start, days.end, scope.source, scope.campaign_key, scope.within, *more)

    async def from_cache(self, key: tuple[Any, ...], make: Callable[[], Awaitable[Kept]]) -> Any:
        """What is kept under a key that says all that it depends on."""
        found = await self.cache.find(key, make)
        return found.value

    async def once(self, name: str, make: Callable[[], Awaitable[Value]]) -> Value:
        """A value that is looked up once in a request."""
        if name not in self._known:
            self._known[name] = await make()
        found: Value = self._known[name]
        return found
