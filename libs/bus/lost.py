"""Consumers that got lost although their process lives.

The library brings consumers back after most troubles. Where a channel is closed and the attempt to open it
again fails too, nobody tries once more: messages wait, and only readiness tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from typing import cast

import aiormq
import structlog
from aio_pika import Channel
from aio_pika.abc import AbstractRobustConnection
from aio_pika.exceptions import AMQPError
from faststream.rabbit.subscriber.usecase import RabbitSubscriber

log = structlog.get_logger()

LOOK_SECONDS = 10.0
"""Seen lost in two looks: longer than the library needs to reconnect."""
ANSWER_SECONDS = 5.0


async def bring_back(
    subscribers: Sequence[RabbitSubscriber],
    connection: Callable[[], AbstractRobustConnection | None],
    every: float = LOOK_SECONDS,
) -> None:
    """For ever: where a queue that exists has had no consumer for a while, the connection is made anew.

    What is under way on the old connection is delivered again, as after any loss of it.
    """
    before: Set[str] = set()
    while True:
        await asyncio.sleep(every)
        now = {subscriber.queue.name for subscriber in subscribers if _is_lost(subscriber)}
        if now & before:
            await renew(connection(), sorted(now & before))
            now = set()
        before = now


def _is_lost(subscriber: RabbitSubscriber) -> bool:
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag
    if queue is None or tag is None:
        return False  # not started yet, or told to stop
    opened = cast("Channel", queue.channel)._channel
    if opened is None:
        return True
    channel = cast("aiormq.Channel", opened.channel)
    return channel.is_closed or tag not in channel.consumers


async def renew(connection: AbstractRobustConnection | None, lost: Sequence[str]) -> None:
    """Close the transport alone: the library then connects again and restores every channel.

    Not while one of the queues is missing: it could not be restored, and the others with it.
    """
    if connection is None or connection.transport is None:
        return
    bare = connection.transport.connection
    try:
        for name in lost:
            channel = await bare.channel(publisher_confirms=False, timeout=ANSWER_SECONDS)
            await channel.queue_declare(name, passive=True, timeout=ANSWER_SECONDS)
            await channel.close()
        log.error("consumers are lost: a new connection is made", queues=lost)
        await bare.close()
    except (AMQPError, OSError, RuntimeError) as error:
        log.warning("consumers are lost", queues=lost, error=repr(error))
