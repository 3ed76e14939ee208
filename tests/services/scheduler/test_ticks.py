"""Each tick once: on the real tables, with clocks that tests set."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.cron import Cron
from libs.observability import tracing
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from services.scheduler import handlers
from services.scheduler.handlers import keep_time
from services.scheduler.rules import NEW, Job
from tests.libs.observability.conftest import received, traced
from tests.libs.observability.receiver import Receiver
from tests.libs.observability.spans import spans_of
from tests.services.scheduler.clocks import SetClock

__all__ = ["received", "traced"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOUR = datetime(2026, 10, 7, 4, tzinfo=UTC)
FIVE = FOUR + HOUR


def surfside(expression: str = "0 5 * * *", zone: str = "UTC") -> Job:
    return Job("surfside", "pull.requested.surfside", Cron(expression, zone))


class Book:
    """What the scheduler wrote."""

    def __init__(self, owner: asyncpg.Connection[asyncpg.Record], engine: AsyncEngine) -> None:
        self.owner, self.engine = owner, engine

    async def ticks(self) -> list[datetime]:
        """Those that were run."""
        rows = await self.owner.fetch("SELECT due FROM schedule_ticks WHERE result <> $1 ORDER BY due", NEW)
        return [row["due"] for row in rows]

    async def announced(self) -> list[str]:
        """The correlation id of each message in the outbox, in order."""
        rows = await self.owner.fetch(
            "SELECT correlation_id FROM outbox WHERE service = 'scheduler' ORDER BY id"
        )
        return [row["correlation_id"] for row in rows]

    async def made_up_for(self) -> int:
        """How many missed ticks others made up for."""
        rows = await self.owner.fetch("SELECT result FROM schedule_ticks")
        return sum(int(found[1]) for row in rows if (found := re.search(r"made up for (\d+)", row["result"])))

    async def only_result(self) -> str:
        (row,) = await self.owner.fetch("SELECT result FROM schedule_ticks WHERE result <> $1", NEW)
        return str(row["result"])

    @asynccontextmanager
    async def scheduler(self, clock: SetClock, *jobs: Job, name: str = "one") -> AsyncIterator[None]:
        """Running, and waiting for the next tick when the block begins."""
        task = asyncio.create_task(keep_time(self.engine, jobs or (surfside(),), clock, name))
        try:
            await clock.somebody_waits()
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def book(database: Database, engine_of: Callable[[str], AsyncEngine]) -> AsyncIterator[Book]:
    owner = await asyncpg.connect(database.owner_url)
    yield Book(owner, engine_of("scheduler"))
    await owner.close()


@pytest.fixture(autouse=True)
def _long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a day of a test is few steps; the cap itself has a test."""
    monkeypatch.setattr(handlers, "LONGEST_WAIT_SECONDS", 6 * 3600.0)


async def test_a_tick_is_a_row_and_a_message(book: Book) -> None:
    clock = SetClock(FOUR)
    async with book.scheduler(clock):
        assert await book.ticks() == []
        await clock.passes(HOUR - timedelta(seconds=1))
        assert await book.ticks() == []
        await clock.passes(timedelta(seconds=1))
        assert await book.ticks() == [FIVE]
        await clock.passes(DAY)
    assert await book.ticks() == [FIVE, FIVE + DAY]
    assert await book.announced() == ["surfside@2026-10-07T05:00:00Z", "surfside@2026-10-08T05:00:00Z"]
    body = await book.owner.fetchval("SELECT convert_from(body, 'UTF8') FROM outbox ORDER BY id LIMIT 1")
    assert "client_id" not in body
    shown = await book.owner.fetchrow("SELECT * FROM schedules")
    assert shown is not None
    assert (shown["cron"], shown["timezone"], shown["next_due"]) == ("0 5 * * *", "UTC", FIVE + 2 * DAY)


async def test_it_waits_for_the_tick_and_does_nothing_meanwhile(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock(FIVE - timedelta(seconds=80))
    monkeypatch.setattr(handlers, "LONGEST_WAIT_SECONDS", 30.0)
    async with book.scheduler(clock):
        await clock.passes(timedelta(seconds=80))
        assert await book.ticks() == [FIVE]
    assert clock.waits == [30, 30, 20, 30]


async def test_a_new_schedule_begins_with_its_next_tick(book: Book) -> None:
    async with book.scheduler(SetClock(FIVE + HOUR)):
        assert await book.ticks() == []


async def test_a_changed_schedule_does_not_run_a_tick_of_the_past(book: Book) -> None:
    async with book.scheduler(SetClock(FIVE)):
        pass
    clock = SetClock(FIVE + 4 * HOUR)
    async with book.scheduler(clock, surfside("0 8 * * *", "Europe/Berlin")):
        assert await book.ticks() == []
        await clock.passes(DAY)
    assert await book.ticks() == [FIVE + DAY + HOUR]  # 08:00 in Berlin


async def test_a_tick_that_was_missed_by_a_restart_is_made_up_for(book: Book) -> None:
    async with book.scheduler(SetClock(FIVE - timedelta(minutes=1))):
        pass
    async with book.scheduler(SetClock(FIVE + timedelta(minutes=10))):
        assert await book.ticks() == [FIVE]
    async with book.scheduler(SetClock(FIVE + timedelta(minutes=20))):
        assert await book.ticks() == [FIVE]
    assert len(await book.announced()) == 1


async def test_many_missed_ticks_are_made_up_for_once(book: Book) -> None:
    async with book.scheduler(SetClock(FOUR)):
        pass
    async with book.scheduler(SetClock(FOUR + 5 * DAY)):
        assert await book.ticks() == [FIVE + 4 * DAY]
    assert len(await book.announced()) == 1
    assert await book.only_result() == "pull.requested.surfside published; made up for 4 missed"


async def test_two_schedulers_tick_once(book: Book) -> None:
    clock, other = SetClock(FOUR), SetClock(FOUR)
    async with book.scheduler(clock, name="one"), book.scheduler(other, name="two"):
        for _ in range(4):
            await asyncio.gather(clock.passes(12 * HOUR), other.passes(12 * HOUR))
    assert await book.ticks() == [FIVE, FIVE + DAY]
    assert len(await book.announced()) == 2


async def test_two_schedulers_at_the_very_same_moment_tick_once(book: Book) -> None:
    job = surfside()
    async with book.scheduler(SetClock(FOUR)):
        pass
    took = await asyncio.gather(*(handlers.tick(book.engine, job, FIVE, str(number)) for number in range(8)))
    assert sum(took) == 1
    assert len(await book.announced()) == 1


@pytest.mark.parametrize("expression", ["0 5 * * *", "0 * * * *"])
@pytest.mark.parametrize("hours", [2, -2])
@pytest.mark.parametrize("at", [30, 55, 65, 150])
async def test_a_clock_that_jumps_doubles_and_misses_nothing(
    book: Book, expression: str, hours: int, at: int
) -> None:
    """It jumps at so many minutes after four, and is put right six hours later."""
    clock = SetClock(FOUR)
    async with book.scheduler(clock, surfside(expression)):
        await clock.passes(timedelta(minutes=at))
        clock.set(clock.now() + hours * HOUR)
        await clock.passes(6 * HOUR)
        clock.set(clock.now() - hours * HOUR)
        await clock.passes(2 * DAY)
        ticks = await book.ticks()
    assert len(set(ticks)) == len(ticks) == len(await book.announced())
    period = DAY if expression == "0 5 * * *" else HOUR
    assert len(ticks) + await book.made_up_for() == (max(ticks) - FIVE) // period + 1
    assert max(ticks) > clock.now() - period


async def test_two_schedulers_whose_clocks_differ_by_hours_tick_once(book: Book) -> None:
    ahead, behind = SetClock(FOUR + 2 * HOUR - HOUR), SetClock(FOUR - 2 * HOUR)
    async with book.scheduler(behind, name="behind"), book.scheduler(ahead, name="ahead"):
        for _ in range(6):
            await asyncio.gather(ahead.passes(8 * HOUR), behind.passes(8 * HOUR))
    assert await book.ticks() == [FIVE + n * DAY for n in range(len(await book.announced()))]
    assert len(await book.announced()) in (2, 3)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("expression", ["30 2 * * *", "30 1 * * *"])
async def test_a_day_on_which_clocks_change_has_one_tick(
    book: Book, zone: str, day: datetime, expression: str
) -> None:
    clock = SetClock(day - 12 * HOUR)
    async with book.scheduler(clock, surfside(expression, zone)):
        await clock.passes(3 * DAY)
    assert len(await book.ticks()) == len(await book.announced()) == 3
    local = [tick.astimezone(surfside(zone=zone).cron.zone).date() for tick in await book.ticks()]
    assert len(set(local)) == 3


async def test_while_the_database_is_away_a_tick_waits(book: Book, database: Database) -> None:
    name, clock = database.owner_url.rpartition("/")[2], SetClock(FOUR)
    async with book.scheduler(clock):
        await book.owner.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
        await book.owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tidemark_scheduler' "
            "AND datname = current_database()"
        )
        await clock.passes(HOUR + timedelta(seconds=30))
        assert await book.ticks() == []
        await book.owner.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")

        async def told() -> Any:
            await clock.passes(timedelta(seconds=15))
            return await book.ticks()

        assert await eventually(told) == [FIVE]


async def test_several_schedules_do_not_wait_for_one_another(book: Book) -> None:
    clock = SetClock(FOUR)
    vibe = Job("vibe", "pull.requested.vibe", Cron("0 6 * * *"))
    async with book.scheduler(clock, surfside(), vibe):
        await clock.passes(2 * HOUR)
    assert await book.announced() == ["surfside@2026-10-07T05:00:00Z", "vibe@2026-10-07T06:00:00Z"]


async def test_a_tick_begins_a_trace_that_its_message_goes_on_with(book: Book, traced: Receiver) -> None:
    clock = SetClock(FOUR)
    async with book.scheduler(clock):
        await clock.passes(HOUR)
    (header,) = [row["traceparent"] for row in await book.owner.fetch("SELECT traceparent FROM outbox")]
    tracing.stop()
    (span,) = (span for span in spans_of(traced) if span.name == "tick surfside")
    assert header.split("-")[1:3] == [span.trace, span.id]
    assert span.parent == ""
