"""Messages in, messages out, on the real broker; and a process that is killed at the worst moments."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import aio_pika
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RowsRepriced, RunLoaded
from contracts.summarise.v1 import SummariesRequested, SummariesUpdated
from libs.bus import Bus
from libs.bus.outbox import Relay
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from services.aggregator.handlers import subscribe
from services.aggregator.handlers.requests import recompute
from services.aggregator.store.clients import UnknownClient
from tests.services.aggregator.recomputed import differences
from tests.services.aggregator.world import SOURCES, World, day


@asynccontextmanager
async def aggregator(settings: BusSettings, engine: AsyncEngine) -> AsyncIterator[Bus]:
    """The service in this process: consumers and outbox relay."""
    bus = Bus(settings, "aggregator")
    subscribe(bus, engine)
    relay = asyncio.create_task(Relay(engine, bus, "aggregator").run())
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


async def put_raw(settings: BusSettings, queue: str, body: bytes) -> None:
    """As a person does it in the management page: body only."""
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(body), routing_key=queue)


async def announced(settings: BusSettings) -> list[SummariesUpdated]:
    """What the notifier's queue holds; it is taken out."""
    found = []
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        queue = await (await connection.channel()).get_queue("notifier.summaries")
        while message := await queue.get(fail=False, no_ack=True):
            found.append(SummariesUpdated.model_validate_json(message.body))
    return found


async def right(world: World) -> bool:
    return not await differences(world.connection) and bool(
        await world.connection.fetchval("SELECT count(*) FROM data_versions")
    )


def loaded(world: World, *numbers: int) -> bytes:
    message = RunLoaded(
        client_id=world.public_id,
        run_id=world.public_id,
        source="surfside",
        status="loaded",
        dates=[day(n) for n in numbers],
    )
    return message.model_dump_json().encode()


async def test_a_load_ends_in_numbers_and_a_message(
    world: World, engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    await world.put(day(0), 1, impressions=10)
    async with aggregator(bus_settings, engine):
        await put_raw(bus_settings, "aggregator.loads", loaded(world, 0))
        news = await eventually(lambda: announced(bus_settings), what="summaries.updated")
    assert [(n.client_id, n.data_version, n.dates) for n in news] == [(world.public_id, 1, [day(0)])]
    assert await differences(world.connection) == []


async def test_a_new_rate_ends_in_numbers(
    world: World, engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    await world.put(day(0), 1, impressions=10)
    async with aggregator(bus_settings, engine):
        await put_raw(bus_settings, "aggregator.loads", loaded(world, 0))
        await eventually(lambda: right(world))
        await world.set_rate("surfside", day(0), "7.5")
        await world.set_rate("vibe", day(0), "7.5")
        message = RowsRepriced(client_id=world.public_id, source="vibe", dates=[day(0)])
        await put_raw(bus_settings, "aggregator.repricings", message.model_dump_json().encode())
        await eventually(lambda: right(world))
    assert await world.value("SELECT spend_e7 FROM rollups WHERE client_id = $1") == 750_000


@pytest.mark.parametrize(
    "body", ["{}", '{"start_date": "2026-09-01", "end_date": "2026-12-31"}'], ids=["everything", "a range"]
)
async def test_a_request_typed_by_hand_recomputes_all_clients(
    world: World, engine: AsyncEngine, bus_settings: BusSettings, body: str
) -> None:
    seed = random.Random(1)
    other = await World(world.connection).make("Other")
    for number in (0, 1, 20, 55):
        await world.shuffle_day(day(number), seed)
        await other.shuffle_day(day(number + 1), seed)
    async with aggregator(bus_settings, engine):
        await put_raw(bus_settings, "aggregator.requests", body.encode())
        await eventually(lambda: right(world), what="all clients, all months")


async def test_a_request_mends_what_should_not_stand(
    world: World, engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    await world.put(day(0), 1, impressions=10)
    async with aggregator(bus_settings, engine):
        await put_raw(bus_settings, "aggregator.requests", b"{}")
        await eventually(lambda: right(world))
        await world.remove(day(0))
        await world.put(day(40), 2, clicks=4)
        request = f'{{"client_id": "{world.public_id}"}}'
        await put_raw(bus_settings, "aggregator.requests", request.encode())
        await eventually(lambda: right(world), what="the day without rows is gone, the new one there")


async def pieces(world: World) -> list[tuple[str | None, str | None]]:
    rows = await world.connection.fetch("SELECT body FROM outbox ORDER BY id")
    bodies = [json.loads(row["body"]) for row in rows]
    return [(body.get("start_date"), body.get("end_date")) for body in bodies]


async def test_a_request_for_all_becomes_one_for_each_client(world: World, engine: AsyncEngine) -> None:
    await World(world.connection).make("Other")
    await recompute(engine, SummariesRequested())
    assert await pieces(world) == [(None, None)] * 2


async def test_a_wide_request_becomes_one_for_each_month(world: World, engine: AsyncEngine) -> None:
    request = SummariesRequested(client_id=world.public_id, start_date=day(0), end_date=day(40))
    await recompute(engine, request)
    assert await pieces(world) == [
        ("2026-09-28", "2026-09-30"),
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-07"),
    ]
    assert await world.connection.fetchval("SELECT count(*) FROM data_versions") == 0


async def test_a_request_within_a_month_is_done_at_once(world: World, engine: AsyncEngine) -> None:
    await world.put(day(3), 1, impressions=10)
    await recompute(engine, SummariesRequested(client_id=world.public_id))
    assert await right(world)


async def test_a_client_without_numbers_is_no_work(world: World, engine: AsyncEngine) -> None:
    await recompute(engine, SummariesRequested(client_id=world.public_id))
    assert await pieces(world) == []
    assert await world.connection.fetchval("SELECT count(*) FROM data_versions") == 0


async def test_a_request_for_a_client_that_does_not_exist_is_terminal(engine: AsyncEngine) -> None:
    with pytest.raises(UnknownClient):
        await recompute(engine, SummariesRequested(client_id=UUID(int=1)))


@pytest.mark.parametrize(
    "place", ["aggregator.before_commit", "aggregator.after_commit", "aggregator.after_publish"]
)
async def test_killed_and_started_again_it_ends_at_the_facts(
    world: World, database: Database, bus_settings: BusSettings, place: str
) -> None:
    seed = random.Random(2)
    for source in SOURCES:
        await world.set_rate(source, day(0), "5.5")
    await world.shuffle_day(day(0), seed)
    await put_raw(bus_settings, "aggregator.loads", loaded(world, 0))
    async with started(database, bus_settings, place) as doomed:
        assert await asyncio.wait_for(doomed.wait(), 60) == -signal.SIGKILL
    async with started(database, bus_settings, ""):
        await eventually(lambda: right(world), within=60)
        await eventually(lambda: announced(bus_settings), what="summaries.updated")


@asynccontextmanager
async def started(
    database: Database, settings: BusSettings, failpoint: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process of its own; it is ended whatever happens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.aggregator.main",
        env={
            **os.environ,
            "DATABASE_URL": database.url_of("aggregator"),
            "RABBITMQ_URL": settings.rabbitmq_url,
            "TIDEMARK_FAILPOINT": failpoint,
        },
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
