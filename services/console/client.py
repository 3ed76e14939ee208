"""RabbitMQ as the command line sees it: states of queues, and dead letters that are moved back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aio_pika
import httpx
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError

from contracts.topology import Queue
from libs.bus import BusUnavailable
from libs.bus.declare import management, vhost_of
from libs.bus.headers import TRACING
from libs.settings import BusSettings

Edit = Callable[[AbstractIncomingMessage], Awaitable[bytes | None]]
"""The body to send in place of a dead letter's; None leaves the letter where it is."""


async def queue_states(settings: BusSettings) -> list[dict[str, Any]]:
    """name, messages, messages_unacknowledged and consumers of every queue. Raises BusUnavailable."""
    vhost = quote(vhost_of(settings.rabbitmq_url), safe="")
    columns = "name,messages,messages_unacknowledged,consumers"
    async with management(settings) as api:
        try:
            answer = await api.get(f"/api/queues/{vhost}", params={"columns": columns})
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise BusUnavailable(f"RabbitMQ's management API at {api.base_url} does not answer") from error
    found: list[dict[str, Any]] = answer.json()
    return found


async def replay(
    settings: BusSettings, queue: Queue, *, limit: int | None, edit: Edit | None = None
) -> tuple[int, int]:
    """Move dead letters back into their queue; returns how many were moved and how many were left.

    Each is published and confirmed before it is acked: a crash in between leaves two, never none. Only
    those that are there at the beginning are looked at, so that one that dies again is not moved twice.
    """
    moved = 0
    left: list[AbstractIncomingMessage] = []
    async with _channel(settings) as channel:
        dead = await channel.declare_queue(queue.dead, passive=True)
        there = dead.declaration_result.message_count or 0
        for _ in range(there if limit is None else min(limit, there)):
            letter = await dead.get(no_ack=False, fail=False)
            if letter is None:
                break
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
async def _channel(settings: BusSettings) -> AsyncIterator[AbstractChannel]:
    """A channel that confirms. What is not acked when it closes is where it was. Raises BusUnavailable."""
    try:
        async with await aio_pika.connect(settings.rabbitmq_url, timeout=10) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await channel.set_qos(prefetch_count=1)
            yield channel
    except (AMQPError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"RabbitMQ does not answer, or takes nothing: {error!r}") from error
