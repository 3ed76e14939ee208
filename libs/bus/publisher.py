"""Publishing: persistent, mandatory, confirmed, within a time limit, on a connection of its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractRobustChannel, AbstractRobustConnection
from aio_pika.exceptions import AMQPError, ChannelPreconditionFailed, DeliveryError, PublishError

from contracts.topology import EXCHANGE, retry_name
from libs.bus.errors import BusUnavailable, Refused, Unroutable
from libs.settings import BusSettings

RECONNECT_SECONDS = 1


class Publisher:
    """Connects when first used, so that a service starts while the broker is away."""

    def __init__(self, settings: BusSettings, service: str) -> None:
        self._settings = settings
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None
        self._exchanges: dict[str, AbstractExchange] = {}
        self._connecting = asyncio.Lock()

    async def to_topology(self, key: str, body: bytes, *, correlation_id: str, type_: str) -> None:
        """Publish to the topic exchange. Raises Unroutable or BusUnavailable."""
        await self._publish(EXCHANGE, key, body, correlation_id, {"x-type": type_, "x-original-key": key})

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
        """Close the connection; what was not confirmed by now raises at its publisher."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    @property
    def connected(self) -> bool:
        """Whether a connection is open now (it may be blocked all the same)."""
        return self._connection is not None and self._connection.connected.is_set()

    async def _publish(
        self, exchange: str, key: str, body: bytes, correlation_id: str, headers: dict[str, Any]
    ) -> None:
        message = aio_pika.Message(
            body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=uuid4().hex,  # unique per publish: twice the same one swaps results on a channel
            correlation_id=correlation_id,
            app_id=self._service,
            timestamp=datetime.now(UTC),
            headers=headers,
        )
        try:
            # The library's own timeout is ignored while the broker blocks the connection.
            async with asyncio.timeout(self._settings.publish_timeout):
                target = await self._exchange(exchange)
                await target.publish(message, routing_key=key, mandatory=True)
        except PublishError as error:
            raise Unroutable(
                f"no queue takes {key!r} from exchange {exchange or '(default)'!r}: declare the topology"
            ) from error
        except ChannelPreconditionFailed as error:
            raise Refused(f"RabbitMQ does not take {key} ({len(body):,} bytes): {error}") from error
        except DeliveryError as error:
            raise BusUnavailable(f"RabbitMQ refused {key}: a queue is full") from error
        except TimeoutError as error:
            raise BusUnavailable(
                f"{key} was not confirmed in {self._settings.publish_timeout:g} s"
            ) from error
        except (AMQPError, OSError, RuntimeError) as error:
            raise BusUnavailable(f"RabbitMQ is not reachable for {key}: {error!r}") from error

    async def _exchange(self, name: str) -> AbstractExchange:
        channel = await self._open()
        if name == "":
            return channel.default_exchange
        if name not in self._exchanges:
            self._exchanges[name] = await channel.get_exchange(name, ensure=False)
        return self._exchanges[name]

    async def _open(self) -> AbstractRobustChannel:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed:
                self._connection = await aio_pika.connect_robust(
                    self._settings.rabbitmq_url,
                    reconnect_interval=RECONNECT_SECONDS,
                    client_properties={"connection_name": f"{self._service} publish"},
                )
                self._channel, self._exchanges = None, {}
            if self._channel is None or self._channel.is_closed:
                channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
                self._channel, self._exchanges = channel, {}
            return self._channel
