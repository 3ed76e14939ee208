"""Consuming: a connection of its own, a channel per queue, explicit acks; begins and ends in bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import cast

import structlog
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.subscriber.usecase import RabbitSubscriber

from libs.bus.ending import finish
from libs.bus.link import CLOSE_SECONDS, address
from libs.bus.lost import bring_back
from libs.settings import BusSettings

log = structlog.get_logger()

CONNECT_SECONDS = 5
RECONNECT_SECONDS = 1
LONGEST_PAUSE_SECONDS = 5.0

LOOP_TURNS = 10
"""More than a message needs from its arrival to its handler."""


class Consumer:
    """The consuming half of a bus."""

    def __init__(self, settings: BusSettings, service: str) -> None:
        self._graceful_timeout = settings.graceful_timeout
        self.stopping = asyncio.Event()
        """Set as soon as no more is taken."""
        self.started = False
        """Whether every queue had its consumer once."""
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.broker = RabbitBroker(
            address(settings.rabbitmq_url, f"{service} consumes"),
            app_id=service,
            timeout=CONNECT_SECONDS,
            graceful_timeout=settings.graceful_timeout,
            reconnect_interval=RECONNECT_SECONDS,
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,
            decoder=_whole_message,
            logger=_quiet_logger(),
        )

    def add(self, queue: str, prefetch: int, take: Callable[[RabbitMessage], Awaitable[None]]) -> None:
        """Take messages of a queue; at most ``prefetch`` at once."""

        async def consume(message: RabbitMessage) -> None:
            await take(message)

        self.broker.subscriber(
            RabbitQueue(queue, declare=False),
            channel=Channel(prefetch_count=prefetch),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            title=queue,
        )(consume)

    def start(self) -> None:
        """Begin, now or as soon as the broker and the queues are there."""
        if self._subscribers:
            self._starting = asyncio.create_task(self._start())
            self._watching = asyncio.create_task(
                bring_back(self._subscribers, lambda: self.broker._connection)
            )
        else:
            self.started = True

    async def stop(self) -> None:
        """Take no more, finish what is under way (up to graceful_timeout), close."""
        self.stopping.set()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._starting is not None:
            # Not cancelled at once: the library's robust connection cannot be while it connects, and goes on.
            await asyncio.wait({self._starting}, timeout=CONNECT_SECONDS + 1)
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await finish(self._take_no_more(), CLOSE_SECONDS, "consumers could not be cancelled")
        under_way = asyncio.gather(*(subscriber.stop() for subscriber in self._subscribers))
        await finish(under_way, self._graceful_timeout + 1, "handlers did not end in time")
        await finish(self.broker.stop(), CLOSE_SECONDS, "the consuming connection did not close in order")
        self.started = False

    @property
    def _subscribers(self) -> list[RabbitSubscriber]:
        return cast("list[RabbitSubscriber]", self.broker.subscribers)

    async def _start(self) -> None:
        pause = 0.2
        while not self.stopping.is_set():
            try:
                await self._start_all()
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, it is said, and readiness says 503
                log.warning("cannot consume yet", seconds=pause, error=repr(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _start_all(self) -> None:
        """Each queue by itself: one that is missing holds up no other, and none gets a second consumer."""
        await self.broker.connect()
        trouble: list[Exception] = []
        for subscriber in self._subscribers:
            if not subscriber.running:
                try:
                    await subscriber.start()
                except Exception as error:  # noqa: BLE001 - raised below
                    trouble.append(error)
        if trouble:
            raise trouble[0]
        self.started = True

    async def _take_no_more(self) -> None:
        # The framework cancels its consumers last. Until then each message that is acked makes room for
        # another one, which would be left lying and have used up one of its deliveries.
        for subscriber in self._subscribers:
            queue, tag = subscriber._queue_obj, subscriber._consumer_tag
            subscriber._consumer_tag = None
            if queue is not None and tag is not None and not queue.channel.is_closed:
                await queue.cancel(tag)
        for _ in range(LOOP_TURNS):
            await asyncio.sleep(0)


async def _whole_message(message: StreamMessage[object]) -> StreamMessage[object]:
    return message


def _quiet_logger() -> logging.Logger:
    """FastStream's own logs, without the two lines that it writes for every message."""
    logger = logging.getLogger("tidemark.faststream")
    logger.setLevel(logging.WARNING)
    return logger
