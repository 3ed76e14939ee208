"""Publishes a plan and keeps the journal. Its own client of the broker, not the product's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from random import Random

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange
from aio_pika.exceptions import AMQPError

from contracts.topology import EXCHANGE
from tests.faults.bodies import Message
from tests.faults.journal import Journal

PATIENCE = 90.0
"""Seconds that a message is tried for while the broker is away."""
CONFIRM_WITHIN = 10.0
SENDERS = 3
Pace = Callable[[float], Awaitable[None]]
LOST = (AMQPError, OSError, RuntimeError, TimeoutError)


class Sender:
    """One publisher: persistent, mandatory, confirmed; a message without an answer is tried again."""

    def __init__(self, url: str, journal: Journal, random: Random, *, gives_up: float = 0.0) -> None:
        self._url = url
        self._journal = journal
        self._random = random
        self._gives_up = gives_up
        """The share of unanswered messages that it does not send again: nobody knows what became of them."""
        self._connection: AbstractConnection | None = None
        self._exchanges: dict[str, AbstractExchange] = {}

    async def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None and not self._connection.is_closed:
            await self._connection.close()

    async def send(self, message: Message) -> bool:
        """Publish until it is confirmed; False: given up without an answer."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        patient = self._random.random() >= self._gives_up
        while True:
            self._journal.attempted[message] += 1
            try:
                async with asyncio.timeout(CONFIRM_WITHIN):
                    await self._publish(message)
            except LOST as error:
                self._journal.unknown[message] += 1
                await self._start_anew()
                if asyncio.get_running_loop().time() > deadline:
                    raise AssertionError(f"not confirmed in {PATIENCE:g} s: {error!r}") from error
                if not patient:
                    return False
                await asyncio.sleep(0.2)
            else:
                self._journal.confirmed[message] += 1
                return True

    async def _start_anew(self) -> None:
        """A connection may call itself open while its channels are closed for good."""
        with contextlib.suppress(*LOST):
            async with asyncio.timeout(1):
                await self.close()
        self._connection = None

    async def _publish(self, message: Message) -> None:
        exchange = await self._exchange(EXCHANGE if message.key else "")
        raw = aio_pika.Message(message.body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await exchange.publish(raw, routing_key=message.key or message.queue, mandatory=True)

    async def _exchange(self, name: str) -> AbstractExchange:
        if self._connection is None:
            self._connection = await aio_pika.connect(self._url)
            self._exchanges = {}
        if not self._exchanges:
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._exchanges[""] = channel.default_exchange
            self._exchanges[EXCHANGE] = await channel.get_exchange(EXCHANGE, ensure=False)
        return self._exchanges[name]


async def send_all(
    url: str,
    journal: Journal,
    messages: Sequence[Message],
    seed: int,
    *,
    gives_up: float = 0.0,
    pace: Pace | None = None,
) -> None:
    """Several publishers share the messages. ``pace`` is awaited before each, with the share sent so far."""
    waiting = list(reversed(messages))

    async def work(number: int) -> None:
        random = Random(f"{seed} {number}")
        sender = Sender(url, journal, random, gives_up=gives_up)
        try:
            while waiting:
                message, sent = waiting.pop(), 1 - len(waiting) / len(messages)
                if pace is not None:
                    await pace(sent)
                await sender.send(message)
        finally:
            await sender.close()

    await asyncio.gather(*(work(number) for number in range(SENDERS)))
