"""Filling an outbox, relaying it, and looking at what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import AlertRaised
from libs.bus import Bus, outbox
from libs.bus.outbox import Relay
from libs.db.engine import transaction
from libs.settings import BusSettings
from libs.testing.queues import depth, take_all
from tests.libs.bus.consuming import KEY, QUEUE, SERVICE

ALERT, ALERTS = "alert.raised", "notifier.alerts"


@asynccontextmanager
async def relaying(engine: AsyncEngine, settings: BusSettings) -> AsyncIterator[Relay]:
    """A relay that runs, with a bus of its own."""
    bus = Bus(settings, SERVICE)
    relay = Relay(engine, bus, SERVICE)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await bus.stop()


async def announce(engine: AsyncEngine, *numbers: int) -> None:
    """Put pulls with these numbers, in one transaction."""
    async with transaction(engine) as connection:
        for number in numbers:
            await outbox.put(connection, SERVICE, KEY, PullRequested(looks=number))


async def alert(engine: AsyncEngine) -> None:
    """Put a message with another key."""
    async with transaction(engine) as connection:
        raised = AlertRaised(kind="test", message="others are told", dedupe_key="test")
        await outbox.put(connection, SERVICE, ALERT, raised)


async def waiting_rows(engine: AsyncEngine) -> int:
    """Rows that are not published yet."""
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one())


async def looks(settings: BusSettings, queue: str = QUEUE) -> list[int]:
    """The numbers of the messages in a queue, taken out of it."""
    bodies = [PullRequested.model_validate_json(letter.body) for letter in await take_all(settings, queue)]
    return [body.looks for body in bodies]


async def holds(settings: BusSettings, queue: str, count: int) -> bool:
    """Whether that many messages wait in a queue."""
    return await depth(settings, queue) == count


async def emptied(engine: AsyncEngine) -> bool:
    """Whether everything is published."""
    return await waiting_rows(engine) == 0


async def one_waits(engine: AsyncEngine) -> bool:
    """Whether one row is left; a queue shows a message a moment before its row is gone."""
    return await waiting_rows(engine) == 1
