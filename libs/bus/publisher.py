"""Publishing: persistent, mandatory, confirmed, within a time limit, on a connection of its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.exceptions import ChannelPreconditionFailed, DeliveryError, PublishError

from contracts.topology import EXCHANGE, retry_name
from libs.bus.compression import ENCODING, MAX_BODY_BYTES, compressed, is_compressed
from libs.bus.ending import was_asked_to_stop
from libs.bus.errors import BusUnavailable, Full, Refused, Unroutable
from libs.bus.headers import for_trace, shortened
from libs.bus.link import Link
from libs.errors import TidemarkError
from libs.observability import tracing
from libs.settings import BusSettings

SHORT_STRING_BYTES = 255
"""What AMQP has room for in a property."""


class Publisher:
    """Connects when first used, so that a service starts while the broker is away."""

    def __init__(self, settings: BusSettings, service: str) -> None:
        self._settings = settings
        self._service = service
        self._link = Link(settings.rabbitmq_url, f"{service} publishes")
        self._closed = False

    async def to_topology(
        self, key: str, body: bytes, *, correlation_id: str, type_: str, traceparent: str | None = None
    ) -> None:
        """Publish to the topic exchange, compressed if large; ``traceparent``: of what it was announced in.

        Raises Unroutable, Refused or BusUnavailable.
        """
        attributes = _described(key, body, correlation_id) if tracing.on() else None
        with tracing.span(f"send {EXCHANGE}:{key}", "producer", parent=traceparent, attributes=attributes):
            own = for_trace(tracing.traceparent() or traceparent)
            headers = {"x-type": type_, "x-original-key": key, **own}
            sent = compressed(body) if len(body) <= MAX_BODY_BYTES else body  # which is refused
            await self._publish(EXCHANGE, key, sent, correlation_id, headers)

    async def to_queue(
        self, queue: str, body: bytes, *, correlation_id: str, headers: dict[str, Any]
    ) -> None:
        """Publish straight into a queue, through the default exchange."""
        await self._publish("", queue, body, correlation_id, headers)

    async def to_retry(
        self, queue: str, body: bytes, *, seconds: float, correlation_id: str, headers: dict[str, Any]
    ) -> None:
        """Publish so that it comes to a queue that much later; seconds must be a rung of the ladder."""
        await self._publish(retry_name(seconds), queue, body, correlation_id, headers)

    async def close(self) -> None:
        """Close the connection; what was not confirmed by now, or comes later, raises BusUnavailable."""
        self._closed = True
        await self._link.close()

    async def _publish(
        self, exchange: str, key: str, body: bytes, correlation_id: str, headers: dict[str, Any]
    ) -> None:
        if len(body) > MAX_BODY_BYTES:
            raise Refused(f"a body of {len(body):,} bytes is too large for {key}: at most {MAX_BODY_BYTES:,}")
        message = aio_pika.Message(
            body,
            content_type="application/json",
            content_encoding=ENCODING if is_compressed(body) else None,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=uuid4().hex,  # unique per publish: twice the same one swaps results on a channel
            correlation_id=shortened(correlation_id, SHORT_STRING_BYTES),
            app_id=self._service,
            timestamp=datetime.now(UTC),
            headers=headers,
        )
        try:
            await self._confirmed(exchange, key, message)
        except TidemarkError:
            raise
        except PublishError as error:
            raise Unroutable(
                f"no queue takes {key!r} from exchange {exchange or '(default)'!r}: declare the topology"
            ) from error
        except ChannelPreconditionFailed as error:
            raise Refused(f"RabbitMQ does not take {key} ({len(body):,} bytes): {error}") from error
        except DeliveryError as error:
            raise Full(f"RabbitMQ refused {key}: a queue is full") from error
        except Exception as error:
            # Of the library's, or of the operating system's, or a bare one: what waits on a channel that
            # is closed without a reason gets that.
            raise BusUnavailable(f"RabbitMQ is not reachable for {key}: {error!r}") from error

    async def _confirmed(self, exchange: str, key: str, message: aio_pika.Message) -> None:
        if self._closed:
            raise BusUnavailable(f"{key} is not published: this process is stopping")
        seconds = self._settings.publish_timeout
        try:
            await self._link.publish(exchange, key, message, seconds=seconds)
        except TimeoutError as error:
            raise BusUnavailable(f"{key} was not confirmed in {seconds:g} s") from error
        except asyncio.CancelledError as error:
            # The library cancels what waits on a connection that it gives up; that is nobody's wish here.
            if was_asked_to_stop():
                raise
            raise BusUnavailable(f"the connection was lost while {key} was published") from error


def _described(key: str, body: bytes, correlation_id: str) -> tracing.Attributes:
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": f"{EXCHANGE}:{key}",
        "messaging.rabbitmq.destination.routing_key": key,
        "messaging.message.conversation_id": correlation_id,
        "messaging.message.body.size": len(body),
    }
