"""One connection to RabbitMQ and one channel on it that confirms."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelInvalidStateError, ChannelPreconditionFailed

from libs.bus.ending import finish

HEARTBEAT_SECONDS = 10
"""A peer that went away without a word is noticed after three of them (with the library's 60: 3 minutes)."""

CLOSE_SECONDS = 3


class Link:
    """Opens what it needs when it is used, and again after it was lost.

    Not the library's robust connection: one whose opening is cancelled goes on in the background for
    ever, and every publish that timed out on a broker that hangs would leave another one behind.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = address(url, name)
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._alone = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def publish(self, exchange: str, key: str, message: aio_pika.Message, *, seconds: float) -> None:
        """Publish, mandatory, and wait for the confirmation.

        Raises TimeoutError (the library's own time limit is ignored while RabbitMQ blocks the connection)
        and the library's errors.
        """
        used: AbstractChannel | None = None
        try:
            async with asyncio.timeout(seconds):
                used = await self._open()
                try:
                    await _publish(used, exchange, key, message)
                except (ChannelPreconditionFailed, ChannelInvalidStateError):
                    await self._publish_alone(exchange, key, message)
        except TimeoutError:
            if used is not None and used is self._channel and not await _is_blocked(self._connection):
                self._drop()  # it may be dead without a word
            raise

    async def close(self) -> None:
        """Give the connection up; what is under way on it fails."""
        self._drop()
        await asyncio.gather(*self._closing)

    async def _publish_alone(self, exchange: str, key: str, message: aio_pika.Message) -> None:
        """On a connection of its own, one after the other.

        RabbitMQ closes a channel over one message that it does not take, and whatever else was being
        published there fails with the same error. Alone it is clear whose message it was.
        """
        async with self._alone, await aio_pika.connect(self._url) as connection:
            channel = await connection.channel(on_return_raises=True)
            await _publish(channel, exchange, key, message)

    async def _open(self) -> AbstractChannel:
        """An open channel. Waits while RabbitMQ blocks it: what is not sent cannot arrive too late."""
        async with self._opening:
            if self._channel is None or self._connection is None or self._channel.is_closed:
                # Not another channel on the same connection: the library gives it the same number, and
                # frames of the old one that are still to be written would end the connection.
                self._drop()
                self._connection = await aio_pika.connect(self._url)
                self._channel = await self._connection.channel(on_return_raises=True)
            connection, channel = self._connection, self._channel
        if connection.transport is not None:
            await connection.transport.ready()
        return channel

    def _drop(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            task = asyncio.ensure_future(
                finish(connection.close(), CLOSE_SECONDS, "a connection to RabbitMQ did not close in order")
            )
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


async def _publish(channel: AbstractChannel, exchange: str, key: str, message: aio_pika.Message) -> None:
    target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    await target.publish(message, routing_key=key, mandatory=True)


async def _is_blocked(connection: AbstractConnection | None) -> bool:
    """Whether RabbitMQ said that it takes nothing from it now (memory or disk alarm)."""
    if connection is None or connection.transport is None:
        return False
    ready = asyncio.ensure_future(connection.transport.ready())
    done, _ = await asyncio.wait({ready}, timeout=0.01)
    ready.cancel()
    return not done


def address(url: str, name: str) -> str:
    """The AMQP address with a name for the management page and a heartbeat, where it has none."""
    parts = urlsplit(url)
    query = {"heartbeat": str(HEARTBEAT_SECONDS), "name": name, **dict(parse_qsl(parts.query))}
    return urlunsplit(parts._replace(query=urlencode(query)))
