"""The bus of one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
import structlog
from aio_pika.exceptions import AMQPError
from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from contracts.envelope import Message
from contracts.topology import MESSAGES, PUBLISHES, QUEUES, Queue, queue_named
from libs.bus.decode import encode
from libs.bus.errors import BusUnavailable
from libs.bus.publisher import RECONNECT_SECONDS, Publisher
from libs.bus.settle import Handler, Settler
from libs.errors import Terminal
from libs.observability import current_correlation_id
from libs.settings import BusSettings

log = structlog.get_logger()


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
            settings.rabbitmq_url,
            app_id=service,
            graceful_timeout=settings.graceful_timeout,
            reconnect_interval=RECONNECT_SECONDS,
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,
            decoder=_whole_message,
            logger=logging.getLogger("faststream"),
        )
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
            settle = Settler(known, handler, self._publisher, self._settings.retry_seconds)
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
            retry=retry_if_exception_type((AMQPError, OSError)),
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            before_sleep=lambda state: log.warning("waiting for RabbitMQ", error=str(state.outcome)),
        ):
            with attempt:
                await self.broker.start()
        self.started = True

    async def stop(self) -> None:
        """Take no more, finish what is under way (up to graceful_timeout), close."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self.broker.stop()
        await self._publisher.close()
        self.started = False

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
        """Publish into a queue after a delay: the rung of the retry ladder that is nearest to it."""
        rung = min(self._settings.retry_seconds, key=lambda s: abs(s - seconds))
        await self._publisher.to_retry(
            queue, body, seconds=rung, correlation_id=correlation_id, headers={"x-type": "delayed"}
        )

    async def queues(self) -> list[QueueState]:
        """State of this service's queues, asked from the broker on a short connection.

        Raises BusUnavailable. An open connection proves nothing: it may be blocked, or consume nothing.
        """
        mine = [queue for queue in QUEUES if queue.name in self.handlers]
        try:
            async with asyncio.timeout(5):
                connection = await aio_pika.connect(self._settings.rabbitmq_url)
                async with connection:
                    channel = await connection.channel()
                    return [await _state(channel, queue) for queue in mine]
        except (AMQPError, OSError, TimeoutError) as error:
            raise BusUnavailable(f"RabbitMQ does not answer: {error!r}") from error


async def _state(channel: aio_pika.abc.AbstractChannel, queue: Queue) -> QueueState:
    found = (await channel.declare_queue(queue.name, passive=True)).declaration_result
    return QueueState(queue.name, found.message_count or 0, found.consumer_count or 0)


async def _whole_message(message: StreamMessage[object]) -> StreamMessage[object]:
    return message


def _taking_messages(settle: Settler) -> Callable[[RabbitMessage], object]:
    async def consume(message: RabbitMessage) -> None:
        await settle(message)

    return consume
