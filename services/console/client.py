"""RabbitMQ as the command line sees it: states of queues, and dead letters that are moved back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

from contracts.topology import Queue
from libs.bus import BusUnavailable
from libs.bus.headers import TRACING
from libs.settings import BusSettings

Edit = Callable[[AbstractIncomingMessage], Awaitable[bytes | None]]
"""The body to send in place of a dead letter's; None leaves the letter where it is."""


@dataclass(frozen=True)
class QueueCounts:
    """Messages that wait, who takes them, and dead letters; None: the queue was not declared."""

    waiting: int | None
    consumers: int | None
    dead: int | None


async def queue_counts(settings: BusSettings, queues: Iterable[Queue]) -> dict[str, QueueCounts]:
    """Counts of each queue as of now (the management page's are seconds old). Raises BusUnavailable."""
    counts = {}
    async with _connection(settings) as connection:
        for queue in queues:
            waiting, consumers = await _count(connection, queue.name)
            dead, _ = await _count(connection, queue.dead)
            counts[queue.name] = QueueCounts(waiting, consumers, dead)
    return counts


async def _count(connection: AbstractConnection, queue: str) -> tuple[int | None, int | None]:
    """Messages and consumers. On a channel of its own: asking for what is not there closes it."""
    try:
        async with await connection.channel() as channel:
            found = (await channel.declare_queue(queue, passive=True)).declaration_result
    except ChannelNotFoundEntity:
        return None, None
    return found.message_count, found.consumer_count


async def replay(
    settings: BusSettings, queue: Queue, *, limit: int | None, edit: Edit | None = None
) -> tuple[int, int]:
    """Move dead letters back into their queue; returns how many were moved and how many were left.

    Each is published and confirmed before it is acked: a crash in between leaves two, never none. Only
    those that are there at the beginning are looked at, so that one that dies again is not moved twice.
    """
    moved = 0
    left: list[AbstractIncomingMessage] = []
    async with _connection(settings) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        async for letter in _letters(channel, queue, limit):
            body = letter.body if edit is None else await edit(letter)
            if body is None:
                left.append(letter)  # held until the end, or it would come again at once
                continue
            again = _again(letter, body)
            await channel.default_exchange.publish(again, queue.name, mandatory=True, timeout=30)
            await letter.ack()
            moved += 1
        for letter in left:
            await letter.nack(requeue=True)
    return moved, len(left)


async def _letters(
    channel: AbstractChannel, queue: Queue, limit: int | None
) -> AsyncIterator[AbstractIncomingMessage]:
    dead = await channel.declare_queue(queue.dead, passive=True)
    there = dead.declaration_result.message_count or 0
    for _ in range(there if limit is None else min(limit, there)):
        letter = await dead.get(no_ack=False, fail=False)
        if letter is None:
            return
        yield letter


def _again(letter: AbstractIncomingMessage, body: bytes) -> aio_pika.Message:
    """The same message without the headers that count attempts, so that they count anew."""
    return aio_pika.Message(
        body,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=uuid4().hex,
        correlation_id=letter.correlation_id or uuid4().hex,
        app_id="console",
        headers={name: letter.headers[name] for name in TRACING if name in letter.headers},
    )


@asynccontextmanager
async def _connection(settings: BusSettings) -> AsyncIterator[AbstractConnection]:
    """What is not acked when it closes is where it was. Raises BusUnavailable."""
    try:
        async with await aio_pika.connect(settings.rabbitmq_url, timeout=10) as connection:
            yield connection
    except (AMQPError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"RabbitMQ does not answer, or takes nothing: {error!r}") from error
