"""Whatever is killed, ended or away: what was committed is published at least once."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local import Infra, kill_broker, kill_postgres, start_broker, start_postgres
from libs.bus import Bus, BusUnavailable, outbox
from libs.bus.outbox import PAGE, Relay
from libs.db.engine import make_engine
from libs.settings import BusSettings, DatabaseSettings
from libs.testing.databases import Database, drop_database, fresh_database
from libs.testing.queues import depth
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import QUEUE, SERVICE
from tests.libs.bus.relaying import (
    announce,
    emptied,
    holds,
    looks,
    relaying,
    waiting_rows,
)

ROOT = Path(__file__).parents[3]


async def test_with_the_broker_away_rows_are_kept_and_published_when_it_is_back(
    faulty: Infra, fault_bus: BusSettings, engine: AsyncEngine
) -> None:
    async with relaying(engine, fault_bus):
        await announce(engine, 1)
        await eventually(lambda: emptied(engine))
        kill_broker(faulty)
        await announce(engine, 2, 3)  # who only writes is not disturbed
    assert await waiting_rows(engine) == 2
    with pytest.raises(BusUnavailable):
        await Relay(engine, Bus(fault_bus, SERVICE), SERVICE).relay_once()
    async with relaying(engine, fault_bus):
        await asyncio.to_thread(start_broker, faulty)
        await eventually(lambda: emptied(engine), within=30)
    found = await looks(fault_bus)
    # 2 can have been sent when the broker was killed: at least once.
    assert sorted(set(found)) == [1, 2, 3]


async def test_killed_after_publishing_and_before_deleting_there_is_a_double_and_no_loss(
    engine: AsyncEngine, database: Database, bus_settings: BusSettings
) -> None:
    await announce(engine, 1, 2, 3)
    program = (
        "import asyncio, sys\n"
        "from libs.bus import Bus\n"
        "from libs.bus.outbox import Relay\n"
        "from libs.db.engine import make_engine\n"
        "from libs.settings import BusSettings, DatabaseSettings\n"
        "database, broker = sys.argv[1:]\n"
        "async def main():\n"
        "    engine = make_engine(DatabaseSettings(database_url=database), 'surfside')\n"
        "    await Relay(engine, Bus(BusSettings(rabbitmq_url=broker), 'surfside'), 'surfside').run()\n"
        "asyncio.run(main())\n"
    )
    arguments = (sys.executable, "-c", program, database.url_of(SERVICE), bus_settings.rabbitmq_url)
    process = await asyncio.create_subprocess_exec(
        *arguments, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "TIDEMARK_FAILPOINT": "surfside.after_publish"}
    )
    assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL
    async with relaying(engine, bus_settings):
        await eventually(lambda: emptied(engine))
    assert sorted(await looks(bus_settings)) == [1, 1, 2, 2, 3, 3]


async def test_a_relay_that_is_cancelled_forgets_nothing_that_it_published(
    engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    """Otherwise each rolling restart under load would publish up to a page again."""
    numbers = range(3 * PAGE)
    await announce(engine, *numbers)
    async with relaying(engine, bus_settings):
        await eventually(lambda: depth(bus_settings, QUEUE), every=0)
    async with relaying(engine, bus_settings):
        await eventually(lambda: emptied(engine))
    found = await looks(bus_settings)
    assert set(found) == set(numbers)
    assert len(found) <= len(numbers) + 1


async def test_the_listener_comes_back_after_its_session_was_ended(
    engine: AsyncEngine, database: Database, bus_settings: BusSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "POLL_SECONDS", 3600)
    owner = await asyncpg.connect(database.owner_url)
    name = database.owner_url.rpartition("/")[2]
    sessions = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = $1"

    async def listens() -> bool:
        return bool(await owner.fetchval(f"SELECT count(*) {sessions}", name))

    try:
        async with relaying(engine, bus_settings):
            for number in (1, 2):
                await eventually(listens)
                await announce(engine, number)
                await eventually(lambda count=number: holds(bus_settings, QUEUE, count))  # type: ignore[misc]
                await owner.execute(f"SELECT pg_terminate_backend(pid) {sessions}", name)
    finally:
        await owner.close()


async def test_the_relay_outlives_a_crash_of_the_database(faulty: Infra, fault_bus: BusSettings) -> None:
    database = await fresh_database(faulty.database_url, "relay_survives")
    engine = make_engine(DatabaseSettings(database_url=database.url_of(SERVICE)), SERVICE)
    try:
        async with relaying(engine, fault_bus):
            await announce(engine, 1)
            await eventually(lambda: holds(fault_bus, QUEUE, 1))
            await asyncio.to_thread(kill_postgres, faulty)
            await asyncio.to_thread(start_postgres, faulty)
            await eventually(lambda: _announced(engine, 2), within=10)
            await eventually(lambda: holds(fault_bus, QUEUE, 2), within=10)
    finally:
        await engine.dispose()
        await drop_database(database)


async def _announced(engine: AsyncEngine, number: int) -> bool:
    try:
        await announce(engine, number)
    except Exception:  # noqa: BLE001 - the database is still coming up
        return False
    return True
