"""The clock: waits for the next tick, claims it and announces what it asks for, in one transaction.

A tick is a row of schedule_ticks, unique by schedule and time: two schedulers, restarts and clocks that are
set back make no second one. What is due is looked up, never remembered, so nothing is lost with a process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from contracts.envelope import Message
from libs.bus import outbox
from libs.db.engine import transaction
from libs.db.errors import translated
from libs.errors import Transient
from libs.failpoints import failpoint
from libs.observability import tracing
from services.scheduler import store
from services.scheduler.rules import Job, Tick, message_of, reports_due, result_of, result_of_reports

log = structlog.get_logger()
TICKS = Counter("tidemark_schedule_ticks_total", "Ticks that this process claimed.", ["schedule"])

LONGEST_WAIT_SECONDS = 30.0
"""Waiting is by a clock that cannot be set; this long after the wall's clock was, the scheduler notices."""

SHORTEST_WAIT_SECONDS = 0.01


class Clock(Protocol):
    """What time it is, and waiting; tests have one of their own."""

    def now(self) -> datetime:
        """By the clock on the wall, in UTC."""

    async def wait(self, seconds: float) -> None:
        """Let so much time pass."""


class WallClock:
    """The machine's."""

    def now(self) -> datetime:
        """By the clock on the wall, in UTC."""
        return datetime.now(UTC)

    async def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        await asyncio.sleep(seconds)


async def keep_time(engine: AsyncEngine, jobs: Sequence[Job], clock: Clock, name: str) -> None:
    """Tick until cancelled; while the database is away, ticks wait for it. ``name``: who claims them."""
    async for attempt in _for_ever(clock):
        with attempt:
            await _register(engine, jobs, clock.now(), name)
            while True:
                for job in jobs:
                    await tick(engine, job, clock.now(), name)
                await clock.wait(seconds_to_next(jobs, clock.now()))


def seconds_to_next(jobs: Sequence[Job], now: datetime) -> float:
    """Seconds until the next tick of any schedule, LONGEST_WAIT_SECONDS at most."""
    seconds = min((job.cron.next_after(now) - now).total_seconds() for job in jobs)
    return max(SHORTEST_WAIT_SECONDS, min(seconds, LONGEST_WAIT_SECONDS))


async def tick(engine: AsyncEngine, job: Job, now: datetime, name: str) -> bool:
    """Handle the last tick of a schedule that is due, once and for all; False: it was handled before.

    Ticks before that one which nobody handled are made up for by it. Raises Transient.
    """
    due = job.cron.last_at(now)
    with translated():
        async with transaction(engine) as connection:
            before, handled = await store.history(connection, job.name, due)
            if handled:
                return False
            with tracing.span(f"tick {job.name}"):
                result = await _announced(connection, Tick(job, due, before or due), name)
            if result is None:
                return False
            await store.show_next(connection, job.name, job.cron.next_after(now))
            failpoint("scheduler.before_commit")
    failpoint("scheduler.after_commit")
    TICKS.labels(job.name).inc()
    log.info("tick", schedule=job.name, due=due.isoformat(), result=result)
    return True


async def _announced(connection: AsyncConnection, tick: Tick, name: str) -> str | None:
    """What people read of a tick that was claimed and announced; None: another one claimed it."""
    messages, result = await _asked(connection, tick)
    if not await store.claim(connection, tick.job.name, tick.due, name, result):
        return None
    for message in messages:
        await outbox.put(connection, "scheduler", tick.job.key, message, correlation_id=tick.correlation_id)
    return result


async def _asked(connection: AsyncConnection, tick: Tick) -> tuple[Sequence[Message], str]:
    """What a tick publishes, and what people read of it."""
    if tick.job.key == "report.requested":
        requests = reports_due(tick, await store.report_schedules(connection))
        return requests, result_of_reports(tick, requests)
    message = message_of(tick)
    return [message] if message is not None else [], result_of(tick, message)


async def _register(engine: AsyncEngine, jobs: Sequence[Job], now: datetime, name: str) -> None:
    with translated():
        async with transaction(engine) as connection:
            for job in jobs:
                await store.register(connection, job, now, name)


def _for_ever(clock: Clock) -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        wait=wait_exponential_jitter(multiplier=0.2, max=10),
        sleep=clock.wait,
        before_sleep=_say,
    )


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome is not None else None
    log.warning("the clock waits", error=str(error))
