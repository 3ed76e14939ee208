"""A connection that is used again and again while something is waited for, and made anew after trouble.

Making one costs a server more than what it is asked, and takes away the processor from whom we wait for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel

Thing = TypeVar("Thing")


@dataclass
class Kept(Generic[Thing]):
    """``make`` opens it, ``let_go`` ends it."""

    make: Callable[[], Awaitable[Thing]]
    let_go: Callable[[Thing], Awaitable[None]]
    _thing: Thing | None = None

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Thing]:
        """For one question at a time; whoever asks has its errors."""
        if self._thing is None:
            self._thing = await self.make()
        try:
            yield self._thing
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """The next use makes a new one."""
        thing, self._thing = self._thing, None
        if thing is not None:
            await self.let_go(thing)


def kept_database(
    connect: Callable[[], Awaitable[asyncpg.Connection[Any]]],
) -> Kept[asyncpg.Connection[Any]]:
    """Ended without a word: the server may be gone."""

    async def let_go(connection: asyncpg.Connection[Any]) -> None:
        connection.terminate()

    return Kept(connect, let_go)


def kept_channel(url: str) -> Kept[AbstractChannel]:
    """A channel with a connection of its own."""
    connections: dict[AbstractChannel, aio_pika.abc.AbstractConnection] = {}

    async def make() -> AbstractChannel:
        connection = await aio_pika.connect(url)
        channel = await connection.channel()
        connections[channel] = connection
        return channel

    async def let_go(channel: AbstractChannel) -> None:
        with suppress(aio_pika.exceptions.AMQPError, OSError, RuntimeError):  # the broker may be gone
            await connections.pop(channel).close()

    return Kept(make, let_go)
