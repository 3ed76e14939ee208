"""The bus of one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

import aio_pika
import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.subscriber.usecase import RabbitSubscriber
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_delay,
    wait_exponential_jitter,
)

from contracts.envelope import Message
from contracts.topology import MESSAGES, PUBLISHES, queue_named
from libs.bus.decode import encode
from libs.bus.ending import finish
from libs.bus.errors import BusUnavailable
from libs.bus.link import CLOSE_SECONDS, address
from libs.bus.publisher import Publisher
from libs.bus.settle import Handler, Settler
from libs.errors import Terminal
from libs.observability import current_correlation_id
from libs.settings import BusSettings

log = structlog.get_logger()

RECONNECT_SECONDS = 1


@dataclass(frozen=True)
class QueueState:
    """Whether a queue moves: messages that wait, and who takes them."""

    name: str
    messages: int
    consumers: int


class Bus:
    """Two connections: one publishes, the other consumes with a channel per queue."""

    def __init__(self, settings: BusSettings, service: str) -> None:
        self.service = service
        self.handlers: dict[str, Handler] = {}
        self._settings = settings
        self._publisher = Publisher(settings, service)
        self.broker = RabbitBroker(
            address(settings.rabbitmq_url, f"{service} consumes"),
            app_id=service,
            graceful_timeout=settings.graceful_timeout,
            reconnect_interval=RECONNECT_SECONDS,
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,
            decoder=_whole_message,
            logger=_quiet_logger(),
        )
        self._stopping = asyncio.Event()
        self._starting: asyncio.Task[None] | None = None
        self.started = False

    def subscriber(self, queue: str) -> Callable[[Handler], Handler]:
        """Register the handler of one of this service's queues.

        Returning acks; Transient goes up the retry ladder, then dies; Terminal dies at once.
        """
        known = queue_named(queue)
        if known.service != self.service:
            raise ValueError(f"{queue} belongs to {known.service}, not to {self.service}")

        def register(handler: Handler) -> Handler:
            self.handlers[queue] = handler
            settle = Settler(known, handler, self._publisher, self._settings.retry_seconds, self._stopping)
            self.broker.subscriber(
                RabbitQueue(queue, declare=False),
                channel=Channel(prefetch_count=known.prefetch),
                ack_policy=AckPolicy.MANUAL,
                no_reply=True,
                title=queue,
            )(_taking_messages(settle))
            return handler

        return register

    async def start(self) -> None:
        """Start consuming, now or as soon as the broker is there; returns at once either way."""
        if self.handlers:
            self._starting = asyncio.create_task(self._consume())
        else:
            self.started = True

    async def _consume(self) -> None:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            before_sleep=lambda state: log.warning("cannot consume yet", error=_cause(state)),
        ):
            with attempt:
                await self._consume_all()
        self.started = True

    async def _consume_all(self) -> None:
        try:
            await self.broker.start()
        except Exception:
            # Some queues have their consumer by now: a second start would give them a second one.
            await finish(self.broker.stop(), CLOSE_SECONDS, "consuming did not end in order")
            raise

    async def stop(self) -> None:
        """Take no more, finish what is under way (up to graceful_timeout), close. It is not started again."""
        self._stopping.set()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        limit = self._settings.graceful_timeout + 2 * CLOSE_SECONDS
        await finish(self._stop_consuming(), limit, "consuming did not end in order")
        await self._publisher.close()
        self.started = False

    async def _stop_consuming(self) -> None:
        # The framework cancels its consumers last. Until then each message that is acked makes room for
        # another one, which would be left lying and have used up one of its deliveries.
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                for subscriber in cast("list[RabbitSubscriber]", self.broker.subscribers):
                    queue, tag = subscriber._queue_obj, subscriber._consumer_tag
                    subscriber._consumer_tag = None
                    if queue is not None and tag is not None and not queue.channel.is_closed:
                        await queue.cancel(tag)
        except (AMQPError, OSError, RuntimeError) as error:
            log.warning("consumers could not be cancelled", error=repr(error))
        await self.broker.stop()

    async def publish(self, key: str, message: Message, *, correlation_id: str | None = None) -> None:
        """Publish a message to the topology: persistent, mandatory, confirmed.

        Raises Unroutable, Refused (Terminal) or BusUnavailable (Transient).
        """
        expected = MESSAGES.get(key)
        if expected is None or not isinstance(message, expected):
            raise Terminal(
                f"{key} carries a {expected and expected.__name__}, not a {type(message).__name__}"
            )
        await self.publish_bytes(key, encode(message), correlation_id=correlation_id)

    async def publish_bytes(
        self, key: str, body: bytes, *, correlation_id: str | None = None, patience: float = 0
    ) -> None:
        """Publish an encoded body. ``patience``: seconds to wait while the bus is full or away."""
        if key not in PUBLISHES[self.service]:
            raise Terminal(f"{self.service} does not publish {key} (contracts.topology.PUBLISHES)")
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(BusUnavailable),
            wait=wait_exponential_jitter(multiplier=0.05, max=2),
            stop=stop_after_delay(patience),
            reraise=True,
        ):
            with attempt:
                await self._publisher.to_topology(
                    key,
                    body,
                    correlation_id=correlation_id or current_correlation_id() or uuid4().hex,
                    type_=MESSAGES[key].__name__,
                )

    async def publish_later(self, queue: str, body: bytes, *, seconds: float, correlation_id: str) -> None:
        """Publish into a queue after a delay: the first rung of the ladder that is as long, else the last."""
        rungs = self._settings.retry_seconds
        rung = min((rung for rung in rungs if rung >= seconds), default=max(rungs))
        await self._publisher.to_retry(
            queue, body, seconds=rung, correlation_id=correlation_id, headers={"x-type": "delayed"}
        )

    async def queues(self) -> list[QueueState]:
        """State of this service's queues, asked from the broker on a short connection.

        Raises BusUnavailable, also while this process consumes nothing yet. An open connection proves
        nothing: it may be blocked, or consume nothing.
        """
        if not self.started:
            raise BusUnavailable("not consuming yet")
        try:
            async with asyncio.timeout(5):
                url = address(self._settings.rabbitmq_url, f"{self.service} looks")
                async with await aio_pika.connect(url) as connection:
                    return [await _state(connection, queue) for queue in self.handlers]
        except (AMQPError, OSError, RuntimeError) as error:
            raise BusUnavailable(f"RabbitMQ does not answer: {error!r}") from error


async def _state(connection: AbstractConnection, queue: str) -> QueueState:
    try:
        async with connection.channel() as channel:
            found = (await channel.declare_queue(queue, passive=True)).declaration_result
    except ChannelNotFoundEntity:
        return QueueState(queue, 0, 0)
    return QueueState(queue, found.message_count or 0, found.consumer_count or 0)


async def _whole_message(message: StreamMessage[object]) -> StreamMessage[object]:
    return message


def _quiet_logger() -> logging.Logger:
    """FastStream's own logs, without the two lines that it writes for every message."""
    logger = logging.getLogger("tidemark.faststream")
    logger.setLevel(logging.WARNING)
    return logger


def _cause(state: RetryCallState) -> str:
    return repr(state.outcome.exception()) if state.outcome is not None else ""


def _taking_messages(settle: Settler) -> Callable[[RabbitMessage], object]:
    async def consume(message: RabbitMessage) -> None:
        await settle(message)

    return consume
