"""Real processes, killed under load: a schedule of every second, two schedulers, each tick once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.ports import free_ports
from libs.bus import Bus
from libs.bus.outbox import PAGE, Relay
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.queues import take_all
from libs.testing.waiting import eventually
from services.scheduler.rules import NEW
from tests.faults.processes import Supervised, troubles

ROOT = Path(__file__).parents[3]
QUEUE = "surfside.pulls"
KILLED_AFTER_PUBLISH = 2


class Clockwork:
    """Two schedulers on one database and one broker."""

    def __init__(self, database: Database, bus: BusSettings, folder: Path) -> None:
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database.url_of("scheduler"),
            "RABBITMQ_URL": bus.rabbitmq_url,
            "RETRY_SECONDS": "[0.1, 0.2, 0.4]",
            "SURFSIDE_CRON": "* * * * * *",
        }
        self._owner_url, self._folder = database.owner_url, folder
        self.processes: list[Supervised] = []

    async def start(self, *failpoints: str) -> Supervised:
        """One more scheduler; where its first, second, … life ends."""
        port = free_ports("http")["http"]
        process = Supervised(
            name=f"scheduler-{len(self.processes)}",
            module="services.scheduler.main",
            environment={**self._environment, "PORT": str(port)},
            folder=self._folder,
            port=port,
            failpoints=failpoints,
        )
        self.processes.append(process)
        await process.start()
        return process

    async def rows(self) -> list[str]:
        """The id of every tick that ran."""
        connection = await asyncpg.connect(self._owner_url)
        try:
            rows = await connection.fetch(
                "SELECT schedule, due FROM schedule_ticks WHERE schedule = 'surfside' AND result <> $1", NEW
            )
        finally:
            await connection.close()
        return [f"{row['schedule']}@{row['due']:%Y-%m-%dT%H:%M:%SZ}" for row in rows]


@pytest.fixture
async def clockwork(
    database: Database, bus_settings: BusSettings, tmp_path: Path
) -> AsyncIterator[Clockwork]:
    made = Clockwork(database, bus_settings, tmp_path)
    yield made
    await asyncio.gather(*(process.stop() for process in made.processes))


@asynccontextmanager
async def shown(clockwork: Clockwork) -> AsyncIterator[None]:
    """With what the processes logged when it fails."""
    try:
        yield
    except BaseException:
        for process in clockwork.processes:
            print(process.name, process.deaths, troubles(process.log), sep="\n")
        raise


async def relay_the_rest(engine: AsyncEngine, settings: BusSettings) -> None:
    """Publish what the killed ones left in the outbox, as the next one would."""
    bus = Bus(settings, "scheduler")
    try:
        while await Relay(engine, bus, "scheduler").relay_once():
            pass
    finally:
        await bus.stop()


async def test_killed_schedulers_tick_once_and_announce_every_tick(
    clockwork: Clockwork, bus_settings: BusSettings, engine_of: Callable[[str], AsyncEngine]
) -> None:
    """Killed in the transaction, after it, after the publish; and by a signal at any moment."""
    first = await clockwork.start(
        "scheduler.before_commit", "scheduler.after_commit:2", "scheduler.after_publish"
    )
    second = await clockwork.start("scheduler.after_publish:2")
    async with shown(clockwork):

        async def killed_everywhere() -> bool:
            return first.kills >= 3 and second.kills >= 1

        await eventually(killed_everywhere, within=60)
        first.send(signal.SIGKILL)
        known = len(await clockwork.rows())

        async def goes_on() -> bool:
            return len(await clockwork.rows()) > known + 2

        await eventually(goes_on, within=30)
        await asyncio.gather(*(process.stop() for process in clockwork.processes))
    await relay_the_rest(engine_of("scheduler"), bus_settings)
    ticks = await clockwork.rows()
    announced = [message.correlation_id for message in await take_all(bus_settings, QUEUE)]
    assert len(set(ticks)) == len(ticks)
    assert set(announced) == set(ticks)
    copies = len(announced) - len(set(announced))
    assert copies <= KILLED_AFTER_PUBLISH * PAGE, "a copy only where a process died after the publish"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SURFSIDE_CRON", "at five", "SURFSIDE_CRON: Value error, 'at five' is not a cron expression"),
        ("VIBE_CRON", "0 0 31 2 *", "VIBE_CRON: Value error, '0 0 31 2 *'"),
        (
            "SUMMARY_CRON",
            "0 25 * * *",
            "SUMMARY_CRON: Value error, '0 25 * * *' is not a cron expression (Bad hour)",
        ),
        ("DIGEST_CRON", "0 8 * *", "DIGEST_CRON: Value error, '0 8 * *'"),
        ("SCHEDULER_TIMEZONE", "Berlin", "SCHEDULER_TIMEZONE: Value error, 'Berlin' is not a time zone"),
        ("ENVIRONMENT", "production", "DATABASE_URL is without TLS"),
    ],
)
async def test_a_wrong_setting_is_named_at_the_start(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "RABBITMQ_URL": "amqp://127.0.0.1:1/",
        name: value,
    }
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.scheduler.main"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert said in ended.stderr
