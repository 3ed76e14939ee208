"""What stands in the queues, asked from the broker on connections of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from contracts.topology import QUEUES, retry_name
from libs.bus.headers import REASON
from tests.faults.kept import Kept, kept_channel


@dataclass(frozen=True)
class DeadLetter:
    """A body in the dead letters of a queue, and why it died."""

    queue: str
    body: bytes
    reason: str


@dataclass(frozen=True)
class Depth:
    """Messages that wait, and consumers."""

    ready: int
    consumers: int


class Queues:
    """The queues of these services, their dead letters, and the retry ladder."""

    def __init__(self, url: str, services: Collection[str], ladder: tuple[float, ...]) -> None:
        self._url = url
        self.working = tuple(queue.name for queue in QUEUES if queue.service in services)
        self._ladder = tuple(retry_name(seconds) for seconds in ladder)

    async def depths(self, channel: AbstractChannel | None = None) -> dict[str, Depth]:
        """Of working queues and of the ladder; on this channel, where one is given."""
        if channel is None:
            async with self._channel() as made:
                return await self.depths(made)
        return {name: await _depth(channel, name) for name in (*self.working, *self._ladder)}

    def kept_channel(self) -> Kept[AbstractChannel]:
        """A channel to look often."""
        return kept_channel(self._url)

    async def dead_letters(self) -> set[DeadLetter]:
        """All of them; they stay where they are."""
        found: set[DeadLetter] = set()
        async with self._channel() as channel:  # closing it puts back what was not acked
            for name in self.working:
                queue = await channel.get_queue(f"{name}.dead")
                while (message := await queue.get(fail=False)) is not None:
                    found.add(DeadLetter(name, message.body, str(message.headers.get(REASON, ""))))
        return found

    async def replay(self) -> int:
        """Move every dead letter back to its queue, as the management page does; returns how many."""
        taken: list[tuple[str, AbstractIncomingMessage]] = []
        async with self._channel() as channel:
            for name in self.working:
                queue = await channel.get_queue(f"{name}.dead")
                while (message := await queue.get(fail=False)) is not None:
                    taken.append((name, message))
            for name, message in taken:  # only now: they come back while others are still taken
                again = aio_pika.Message(
                    message.body, headers=message.headers, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
                )
                await channel.default_exchange.publish(again, routing_key=name)
                await message.ack()
        return len(taken)

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        async with await aio_pika.connect(self._url) as connection:
            yield await connection.channel(publisher_confirms=True, on_return_raises=True)


async def _depth(channel: AbstractChannel, name: str) -> Depth:
    found = (await channel.declare_queue(name, passive=True)).declaration_result
    return Depth(found.message_count or 0, found.consumer_count or 0)
