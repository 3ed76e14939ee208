"""The bus of one process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
import orjson
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from contracts.envelope import Message
from contracts.topology import MESSAGES, PUBLISHES, queue_named
from libs.bus.consumer import Consumer
from libs.bus.decode import Reader, encode
from libs.bus.errors import BusUnavailable
from libs.bus.headers import for_trace
from libs.bus.link import address
from libs.bus.publisher import Publisher
from libs.bus.settle import Handler, Settler
from libs.errors import Terminal
from libs.observability import current_correlation_id
from libs.settings import BusSettings


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
        self._consumer = Consumer(settings, service)

    @property
    def started(self) -> bool:
        """Whether it consumes from all its queues (or has none)."""
        return self._consumer.started

    def subscriber(self, queue: str, read: Reader = orjson.loads) -> Callable[[Handler], Handler]:
        """Register the handler of one of this service's queues; ``read``: for bodies of a size.

        Returning acks; Transient goes up the retry ladder, then dies; Terminal dies at once.
        """
        known = queue_named(queue)
        if known.service != self.service:
            raise ValueError(f"{queue} belongs to {known.service}, not to {self.service}")
        if queue in self.handlers:
            raise ValueError(f"{queue} has its handler already")

        def register(handler: Handler) -> Handler:
            self.handlers[queue] = handler
            rungs, stopping = self._settings.retry_seconds, self._consumer.stopping
            settle = Settler(known, handler, self._publisher, rungs, stopping, read)
            self._consumer.add(queue, known.prefetch, settle)
            return handler

        return register

    async def start(self) -> None:
        """Start consuming, now or as soon as the broker is there; returns at once either way."""
        self._consumer.start()

    async def stop(self) -> None:
        """Take no more, finish what is under way (up to graceful_timeout), close. It is not started again."""
        await self._consumer.stop()
        await self._publisher.close()

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
        self,
        key: str,
        body: bytes,
        *,
        correlation_id: str | None = None,
        traceparent: str | None = None,
        patience: float = 0,
    ) -> None:
        """Publish an encoded body. ``patience``: seconds to wait while the bus is full or away;
        ``traceparent``: of what it was announced in, where that is not what is under way here.
        """
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
                    traceparent=traceparent,
                )

    async def publish_later(
        self,
        queue: str,
        body: bytes,
        *,
        seconds: float,
        correlation_id: str,
        traceparent: str | None = None,
    ) -> None:
        """Publish into a queue after a delay: the first rung of the ladder that is as long, else the last."""
        rungs = self._settings.retry_seconds
        rung = min((rung for rung in rungs if rung >= seconds), default=max(rungs))
        await self._publisher.to_retry(
            queue,
            body,
            seconds=rung,
            correlation_id=correlation_id,
            headers={"x-type": "delayed", **for_trace(traceparent)},
        )

    async def queues(self) -> list[QueueState]:
        """State of this service's queues, asked from the broker on a short connection.

        Raises BusUnavailable, also while this process does not consume from all of them yet. An open
        connection proves nothing: it may be blocked, or consume nothing.
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
