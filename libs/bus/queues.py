"""Queues as an operator sees them: how full they are, and dead letters that are moved back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

from contracts.topology import QUEUES, Queue
from libs.bus.errors import BusUnavailable
from libs.bus.headers import REASON, TRACING
from libs.bus.link import address
from libs.settings import BusSettings

Edit = Callable[[AbstractIncomingMessage], Awaitable[bytes | None]]
"""The body to send in place of a dead letter's; None leaves the letter where it is."""
CONNECT_SECONDS = 10
PUBLISH_SECONDS = 30


@dataclass(frozen=True)
class Oldest:
    """The letter that is first in a dead-letter queue: when it was put there, and why it died."""

    died_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class QueueCounts:
    """Messages that wait, who takes them, and dead letters; None: the queue was not declared."""

    waiting: int | None
    consumers: int | None
    dead: int | None
    oldest: Oldest | None = None
    """Of the dead letters. Of messages that wait, RabbitMQ tells no age: quorum queues keep none."""


@dataclass(frozen=True)
class Replayed:
    """Dead letters that were moved, that were left on purpose, and that are still there."""

    moved: int
    left: int
    remaining: int
    interrupted: str | None = None
    """Why it stopped in the middle; what was moved until then is moved."""


class Queues:
    """The queues of the topology, asked on a short connection each time."""

    def __init__(self, settings: BusSettings, service: str) -> None:
        self._url = address(settings.rabbitmq_url, f"{service} looks")
        self._service = service

    async def counts(self, queues: Iterable[Queue] = QUEUES) -> dict[str, QueueCounts]:
        """Counts of each queue as of now (the management page's are seconds old). Raises BusUnavailable."""
        counts = {}
        async with self._connection() as connection:
            for queue in queues:
                waiting, consumers = await _count(connection, queue.name)
                dead, _ = await _count(connection, queue.dead)
                oldest = await _oldest(connection, queue) if dead else None
                counts[queue.name] = QueueCounts(waiting, consumers, dead, oldest)
        return counts

    async def replay(self, queue: Queue, *, limit: int | None, edit: Edit | None = None) -> Replayed:
        """Move dead letters back into their queue.

        Each is published and confirmed before it is acked: a crash in between leaves two, never none, and
        whoever takes them counts them once. Only those that are there at the beginning are looked at, so
        that one that dies again is not moved twice. Raises BusUnavailable where nothing could be moved.
        """
        moved = 0
        left: list[AbstractIncomingMessage] = []
        there = None
        try:
            async with self._connection() as connection:
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                there, _ = await _count(connection, queue.dead)
                async for letter in _letters(channel, queue, limit, there or 0):
                    body = letter.body if edit is None else await edit(letter)
                    if body is None:
                        left.append(letter)  # held until the end, or it would come again at once
                        continue
                    again = self._again(letter, body)
                    await channel.default_exchange.publish(
                        again, queue.name, mandatory=True, timeout=PUBLISH_SECONDS
                    )
                    moved += 1
                    await letter.ack()
                for letter in left:
                    await letter.nack(requeue=True)
        except BusUnavailable as error:
            if not moved:
                raise
            return Replayed(moved, len(left), max((there or 0) - moved, 0), str(error))
        return Replayed(moved, len(left), max((there or 0) - moved, 0))

    def _again(self, letter: AbstractIncomingMessage, body: bytes) -> aio_pika.Message:
        """The same message without the headers that count attempts, so that they count anew."""
        return aio_pika.Message(
            body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=uuid4().hex,
            correlation_id=letter.correlation_id or uuid4().hex,
            app_id=self._service,
            timestamp=datetime.now(UTC),
            headers={name: letter.headers[name] for name in TRACING if name in letter.headers},
        )

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AbstractConnection]:
        """What is not acked when it closes is where it was. Raises BusUnavailable."""
        try:
            async with await aio_pika.connect(self._url, timeout=CONNECT_SECONDS) as connection:
                yield connection
        except (AMQPError, OSError, TimeoutError) as error:
            raise BusUnavailable(f"RabbitMQ does not answer, or takes nothing: {error!r}") from error


async def _count(connection: AbstractConnection, queue: str) -> tuple[int | None, int | None]:
    """Messages and consumers. On a channel of its own: asking for what is not there closes it."""
    try:
        async with await connection.channel() as channel:
            found = (await channel.declare_queue(queue, passive=True)).declaration_result
    except ChannelNotFoundEntity:
        return None, None
    return found.message_count, found.consumer_count


async def _oldest(connection: AbstractConnection, queue: Queue) -> Oldest | None:
    """Looks at the first dead letter and puts it back: their policy knows no limit of deliveries."""
    async with await connection.channel() as channel:
        dead = await channel.get_queue(queue.dead, ensure=False)
        letter = await dead.get(no_ack=False, fail=False)
        if letter is None:
            return None
        await letter.nack(requeue=True)
        reason = letter.headers.get(REASON)
        return Oldest(letter.timestamp, None if reason is None else str(reason))


async def _letters(
    channel: AbstractChannel, queue: Queue, limit: int | None, there: int
) -> AsyncIterator[AbstractIncomingMessage]:
    dead = await channel.get_queue(queue.dead, ensure=False)
    for _ in range(there if limit is None else min(limit, there)):
        letter = await dead.get(no_ack=False, fail=False)
        if letter is None:
            return
        yield letter
