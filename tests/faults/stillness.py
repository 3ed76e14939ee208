"""When nothing moves any more: no message waits or is in hand, the outbox is empty, counters stand."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aio_pika.exceptions
import asyncpg
import httpx

from tests.faults.kept import kept_database
from tests.faults.processes import Supervised
from tests.faults.queues import Queues

EVERY = 0.15
_SAMPLE = re.compile(
    r"^(tidemark_messages_handled_total|tidemark_messages_in_hand)\{(.*)\} (\S+)$", re.MULTILINE
)
_AWAY = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    httpx.TransportError,
)
_NO_BROKER = (aio_pika.exceptions.AMQPError, RuntimeError)


@dataclass
class Look:
    """One look at everything. Two equal ones in a row, both quiet: nothing moved between them."""

    waiting: dict[str, int] = field(default_factory=dict)
    """Messages by queue."""
    in_hand: dict[str, float] = field(default_factory=dict)
    outbox: dict[str, int] = field(default_factory=dict)
    """Rows by service."""
    away: str = ""
    """What does not answer."""
    counters: dict[str, float] = field(default_factory=dict)
    """Handled messages by process and queue; and how many rows the outbox ever had."""

    @property
    def quiet(self) -> bool:
        """Nothing waits, nothing is in hand."""
        return not (self.waiting or self.in_hand or self.outbox or self.away)

    @property
    def said(self) -> str:
        """What still moves."""
        return ", ".join(
            f"{name}: {value}"
            for name, value in (
                ("waiting", self.waiting),
                ("in hand", self.in_hand),
                ("outbox", self.outbox),
                ("does not answer", self.away),
            )
            if value
        )


class Stillness:
    """Looks until everything is still."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        processes: Sequence[Supervised],
        queues: Queues,
        connect: Callable[[], Awaitable[asyncpg.Connection[Any]]],
    ) -> None:
        self._http = http
        self._processes = processes
        self._queues = queues
        self._channel = queues.kept_channel()
        self._database = kept_database(connect)

    async def wait(self, within: float) -> None:
        """Return when nothing moves; AssertionError says what still did at the deadline."""
        try:
            await self._wait(within)
        finally:
            await self._channel.close()
            await self._database.close()

    async def _wait(self, within: float) -> None:
        deadline = time.monotonic() + within
        before = await self._look()
        while True:
            await asyncio.sleep(EVERY)
            look = await self._look()
            if look.quiet and look == before:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"still moving after {within:g} s: {look.said or 'counters'}")
            before = look

    async def _look(self) -> Look:
        look = Look()
        try:
            # In this order: what is handed on from one to the next is seen in one, or moves a counter.
            await self._see_queues(look)
            await self._see_processes(look)
            await self._see_outbox(look)
        except _AWAY as error:
            look.away = repr(error)
        except _NO_BROKER as error:
            look.away = f"the broker: {error!r}"
        return look

    async def _see_queues(self, look: Look) -> None:
        async with self._channel.use() as channel:
            depths = await self._queues.depths(channel)
        look.waiting = {name: depth.ready for name, depth in depths.items() if depth.ready}

    async def _see_processes(self, look: Look) -> None:
        for process in self._processes:
            text = (await self._http.get(f"http://127.0.0.1:{process.port}/metrics/")).text
            for name, labels, value in _SAMPLE.findall(text):
                seen = f"{process.name} {len(process.deaths)} {labels}"
                if name == "tidemark_messages_handled_total":
                    look.counters[seen] = float(value)
                elif float(value):
                    look.in_hand[seen] = float(value)

    async def _see_outbox(self, look: Look) -> None:
        async with self._database.use() as connection:
            rows = await connection.fetch("SELECT service, count(*) AS n FROM outbox GROUP BY service")
            look.outbox = {row["service"]: row["n"] for row in rows}
            look.counters["outbox"] = await connection.fetchval(
                "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass), 0)"
            )
