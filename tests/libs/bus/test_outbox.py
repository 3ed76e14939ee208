"""The outbox: what was committed is published, in order, at least once, whatever was away meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import AlertRaised
from contracts.topology import retry_name
from libs.bus import Bus, outbox
from libs.bus.compression import MAX_BODY_BYTES
from libs.bus.declare import declare
from libs.bus.outbox import PAGE, Relay
from libs.bus.waiting import LONGEST_SECONDS, Waiting
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.queues import change_policy, delete_queue, depth, take
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import KEY, QUEUE, SERVICE
from tests.libs.bus.relaying import (
    ALERT,
    ALERTS,
    alert,
    announce,
    emptied,
    holds,
    looks,
    one_waits,
    relaying,
    waiting_rows,
)

ROOT = Path(__file__).parents[3]


async def test_rows_are_published_in_order_and_deleted(
    engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    numbers = range(2 * PAGE + 10)
    async with relaying(engine, bus_settings):
        await announce(engine, *numbers[:5])
        await announce(engine, *numbers[5:])
        await eventually(lambda: emptied(engine))
    assert await looks(bus_settings) == list(numbers)


async def test_what_is_rolled_back_is_never_told(engine: AsyncEngine, bus_settings: BusSettings) -> None:
    async with relaying(engine, bus_settings):
        with contextlib.suppress(ZeroDivisionError):
            async with transaction(engine) as connection:
                await outbox.put(connection, SERVICE, KEY, PullRequested(looks=1))
                raise ZeroDivisionError
        await announce(engine, 2)
        await eventually(lambda: holds(bus_settings, QUEUE, 1))
    assert await looks(bus_settings) == [2]


async def test_a_service_relays_its_own_rows_only(
    engine_of: Callable[[str], AsyncEngine], engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    loader = Relay(engine_of("loader"), Bus(bus_settings, "loader"), "loader")
    await announce(engine, 1)
    assert await loader.relay_once() == 0
    assert await waiting_rows(engine) == 1


async def test_what_could_not_be_published_later_is_refused_now(engine: AsyncEngine) -> None:
    refused = {
        "does not publish": ("run.loaded", PullRequested()),
        "carries a": (KEY, AlertRaised(kind="k", message="m", dedupe_key="d")),
        "too large": (ALERT, AlertRaised(kind="k", message="m" * MAX_BODY_BYTES, dedupe_key="d")),
    }
    for says, (key, message) in refused.items():
        with pytest.raises(Terminal, match=says):
            async with transaction(engine) as connection:
                await outbox.put(connection, SERVICE, key, message)
    assert await waiting_rows(engine) == 0


async def test_a_delayed_row_comes_later_to_its_queue_alone(
    engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    settings = bus_settings.model_copy(update={"retry_seconds": (0.3, 60)})
    await declare(settings)
    async with relaying(engine, settings):
        async with transaction(engine) as connection:
            await outbox.put(connection, SERVICE, KEY, PullRequested(looks=1), delay_seconds=60)
            await outbox.put(connection, SERVICE, KEY, PullRequested(looks=2), delay_seconds=0)
        letter = await take(settings, QUEUE)
    assert PullRequested.model_validate_json(letter.body).looks == 2
    assert letter.headers["x-first-death-queue"] == retry_name(0.3)
    assert await looks(settings, retry_name(60)) == [1]


async def test_two_relays_share_the_work_without_loss_or_double(
    engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    numbers = range(3 * PAGE)
    async with relaying(engine, bus_settings), relaying(engine, bus_settings):
        for start in range(0, len(numbers), 50):
            await announce(engine, *numbers[start : start + 50])
        await eventually(lambda: emptied(engine))
    assert sorted(await looks(bus_settings)) == list(numbers)


async def test_a_full_queue_holds_up_its_key_alone_and_nothing_is_published_twice(
    engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    await change_policy(bus_settings, QUEUE, max_length_bytes=200)
    numbers = range(PAGE + 50)
    with capture_logs() as logs:

        async def waits() -> bool:
            return "outbox: a key waits" in [entry["event"] for entry in logs]

        async with relaying(engine, bus_settings):
            await announce(engine, *numbers)
            await eventually(waits)
            await alert(engine)
            await eventually(lambda: depth(bus_settings, ALERTS), what="the other key")
            assert await waiting_rows(engine) > 0
            await change_policy(bus_settings, QUEUE, max_length_bytes=10_000_000)
            await eventually(lambda: emptied(engine))
    assert await looks(bus_settings) == list(numbers)


async def test_a_missing_queue_holds_up_its_key_alone(engine: AsyncEngine, bus_settings: BusSettings) -> None:
    await delete_queue(bus_settings, QUEUE)
    async with relaying(engine, bus_settings):
        await announce(engine, 1)
        await alert(engine)
        await eventually(lambda: depth(bus_settings, ALERTS))
        await eventually(lambda: one_waits(engine))
        await declare(bus_settings)
        await eventually(lambda: depth(bus_settings, QUEUE))
        await eventually(lambda: emptied(engine))


async def test_a_row_that_can_never_be_published_is_kept_and_holds_up_nobody(
    engine: AsyncEngine, database: Database, bus_settings: BusSettings
) -> None:
    """Written by a newer version, say, with a key that this one does not know."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(
        "INSERT INTO outbox (service, routing_key, body) VALUES ('surfside', 'no.such.key', '{}')"
    )
    await owner.close()
    async with relaying(engine, bus_settings):
        await announce(engine, *range(PAGE + 1))
        await eventually(lambda: holds(bus_settings, QUEUE, PAGE + 1))
        await eventually(lambda: one_waits(engine))


def test_pauses_grow_to_a_limit_and_begin_anew() -> None:
    waiting: Waiting[str] = Waiting()
    pauses = [waiting.add("key") for _ in range(10)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == LONGEST_SECONDS
    assert waiting.now() == ["key"]
    waiting.remove("key")
    assert waiting.now() == []
    assert waiting.add("key") == pauses[0]
