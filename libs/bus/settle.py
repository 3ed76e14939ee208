"""How a delivery ends: acked, sent up the retry ladder, or dead with its reason.

The next copy is always published and confirmed before this one is acked. A crash between the two
leaves two copies: the *set* of dead letters counts, and every handler takes a message twice.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
import structlog
from aio_pika.exceptions import AMQPError
from faststream.rabbit import RabbitMessage
from prometheus_client import Counter, Gauge, Histogram
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from contracts.envelope import Message
from contracts.topology import EXCHANGE, Queue
from libs.bus import headers
from libs.bus.decode import Reader, decode
from libs.bus.ending import was_asked_to_stop
from libs.bus.errors import BusUnavailable, Unroutable
from libs.bus.publisher import Publisher
from libs.errors import Terminal, Transient
from libs.failpoints import failpoint
from libs.observability import correlation, reporting, tracing

log = structlog.get_logger()
HANDLED = Counter("tidemark_messages_handled_total", "Deliveries by outcome.", ["queue", "outcome"])
IN_HAND = Gauge("tidemark_messages_in_hand", "Deliveries whose handler is at work.", ["queue"])
SECONDS = Histogram(
    "tidemark_message_duration_seconds",
    "Time in the handler.",
    ["queue"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


@dataclass(frozen=True)
class Delivery:
    """What a handler may know of the delivery, beside the message."""

    queue: str
    attempt: int
    """From 1 on."""
    correlation_id: str
    routing_key: str


Handler = Callable[[Any, Delivery], Awaitable[None]]

HOLD_SECONDS = 600
"""With the handler's own time well under the 30 minutes after which RabbitMQ takes a delivery back."""


class Settler:
    """Runs one queue's handler on a delivery and ends the delivery."""

    def __init__(
        self,
        queue: Queue,
        handler: Handler,
        publisher: Publisher,
        rungs: tuple[float, ...],
        stopping: asyncio.Event,
        read: Reader = orjson.loads,
    ) -> None:
        self._queue = queue
        self._handler = handler
        self._publisher = publisher
        self._rungs = rungs
        self._stopping = stopping
        self._read = read

    async def __call__(self, raw: RabbitMessage) -> None:
        """Acks, or leaves the message with the broker: never neither, or the queue would stand still."""
        delivery = self._delivery(raw)
        at_work = IN_HAND.labels(self._queue.name).track_inprogress()
        seconds = SECONDS.labels(self._queue.name).time()
        with correlation(delivery.correlation_id), seconds, at_work, self._span(raw, delivery) as span:
            try:
                outcome = await self._settled(raw, delivery)
            except (AMQPError, OSError, RuntimeError) as error:
                outcome = "lost"
                log.warning("comes again: its connection is gone", queue=delivery.queue, error=repr(error))
            span.note({"tidemark.outcome": outcome})
            if outcome != "handled":
                span.fail(outcome)
        HANDLED.labels(self._queue.name, outcome).inc()

    async def _settled(self, raw: RabbitMessage, delivery: Delivery) -> str:
        try:
            outcome = await self._handle(raw, delivery)
        except (BusUnavailable, Unroutable) as error:
            log.warning("left with the broker", queue=delivery.queue, error=str(error))
            await raw.nack(requeue=True)
            return "requeued"
        except Exception as error:
            # RabbitMQ moves it to the dead letters itself; the reason is in this log alone.
            log.exception("cannot be settled", queue=delivery.queue)
            reporting.report(error, queue=delivery.queue, correlation_id=delivery.correlation_id)
            await raw.reject(requeue=False)
            return "rejected"
        failpoint(f"{self._queue.service}.before_ack")
        await raw.ack()
        return outcome

    async def _handle(self, raw: RabbitMessage, delivery: Delivery) -> str:
        started = time.monotonic()
        try:
            message: Message = decode(raw.body, self._queue.model, self._read)
            _note_client(message)
            await self._handler(message, delivery)
        except Terminal as error:
            return await self._bury(raw, delivery, f"{type(error).__name__}: {error}")
        except Transient as error:
            return await self._again(raw, delivery, f"{type(error).__name__}: {error}")
        except asyncio.CancelledError as error:
            if was_asked_to_stop():  # the connection is gone or the process ends: it is delivered again
                raise
            return await self._unexpected(raw, delivery, error)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001
            # A bug must not stop the queue. Not only an Exception: a panic of polars is none.
            log.error("handler failed", queue=delivery.queue, error=repr(error), trace=traceback.format_exc())
            return await self._unexpected(raw, delivery, error)
        log.info("handled", queue=delivery.queue, ms=round((time.monotonic() - started) * 1000, 1))
        return "handled"

    async def _unexpected(self, raw: RabbitMessage, delivery: Delivery, error: BaseException) -> str:
        reason = f"unexpected {error!r}"
        # The same kind of error was told of at the attempt before this one.
        if not str(raw.headers.get(headers.REASON)).startswith(f"unexpected {type(error).__name__}("):
            reporting.report(error, queue=delivery.queue, correlation_id=delivery.correlation_id)
        return await self._again(raw, delivery, reason)

    async def _again(self, raw: RabbitMessage, delivery: Delivery, reason: str) -> str:
        if delivery.attempt >= self._queue.attempts:
            return await self._bury(raw, delivery, f"{reason} (gave up after {delivery.attempt} attempts)")
        seconds = self._rungs[min(delivery.attempt, len(self._rungs)) - 1]
        log.warning(
            "trying again", queue=delivery.queue, attempt=delivery.attempt, seconds=seconds, reason=reason
        )
        async for attempt in self._until_published():
            with attempt:
                await self._publisher.to_retry(
                    delivery.queue,
                    raw.body,
                    seconds=seconds,
                    correlation_id=delivery.correlation_id,
                    headers=headers.for_retry(raw.headers, delivery.queue, delivery.attempt, reason),
                )
        return "retried"

    async def _bury(self, raw: RabbitMessage, delivery: Delivery, reason: str) -> str:
        log.error("dead letter", queue=delivery.queue, attempt=delivery.attempt, reason=reason)
        async for attempt in self._until_published():
            with attempt:
                await self._publisher.to_queue(
                    self._queue.dead,
                    raw.body,
                    correlation_id=delivery.correlation_id,
                    headers=headers.for_dead(raw.headers, delivery.queue, delivery.attempt, reason),
                )
        return "dead"

    def _until_published(self) -> AsyncRetrying:
        """Hold the message while its copy cannot be published: given back, it would come at once, in circles,
        and each time use up one of the broker's deliveries."""
        return AsyncRetrying(
            retry=retry_if_exception_type((BusUnavailable, Unroutable)),
            wait=wait_exponential_jitter(multiplier=0.1, max=2),
            stop=self._gives_up,
            before_sleep=lambda _: log.warning("held: its copy cannot be published", queue=self._queue.name),
            reraise=True,
        )

    def _gives_up(self, state: RetryCallState) -> bool:
        return self._stopping.is_set() or (state.seconds_since_start or 0) > HOLD_SECONDS

    def _span(self, raw: RabbitMessage, delivery: Delivery) -> AbstractContextManager[tracing.Span]:
        """Below whoever sent the message: each attempt is a span of its own beside the others."""
        if not tracing.on():
            return tracing.NO_SPAN
        return tracing.span(
            f"process {delivery.queue}",
            "consumer",
            parent=headers.parent_of(raw.headers),
            attributes={
                "messaging.system": "rabbitmq",
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.destination.name": f"{EXCHANGE}:{delivery.routing_key}:{delivery.queue}",
                "messaging.rabbitmq.destination.routing_key": delivery.routing_key,
                "messaging.message.id": raw.raw_message.message_id or "",
                "messaging.message.conversation_id": delivery.correlation_id,
                "messaging.message.body.size": len(raw.body),
                "tidemark.attempt": delivery.attempt,
            },
        )

    def _delivery(self, raw: RabbitMessage) -> Delivery:
        return Delivery(
            queue=self._queue.name,
            attempt=headers.attempt_of(raw.headers, self._queue.name),
            correlation_id=raw.raw_message.correlation_id or uuid4().hex,
            routing_key=str(raw.headers.get(headers.ORIGINAL_KEY) or raw.raw_message.routing_key or ""),
        )


def _note_client(message: Message) -> None:
    if (client := getattr(message, "client_id", None)) is not None:
        tracing.note({"tidemark.client_id": str(client)})
