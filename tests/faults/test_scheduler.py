"""Two schedulers, three schedules of every second, one killed: each tick once, missed ones made up for."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest

from libs.bus import Bus
from libs.bus.outbox import Relay
from libs.db.engine import make_engine
from libs.settings import DatabaseSettings
from libs.testing.queues import take_all
from libs.testing.waiting import eventually
from services.scheduler.rules import NEW
from tests.faults.conftest import lives, told
from tests.faults.processes import Supervised
from tests.faults.world import Launch, World

POINTS = {"scheduler.after_publish": 2, "scheduler.before_commit": 3, "scheduler.after_commit": 3}
"""Where it dies, and within how many passes of that point; the short run takes the first two."""
QUEUES = {"surfside": "surfside.pulls", "vibe": "vibe.pulls", "digest": "notifier.digests"}
"""Where the ticks of each schedule of every second are announced."""
EVERY_SECOND = {f"{name.upper()}_CRON": "* * * * * *" for name in QUEUES}
AT_ONCE = 2 * len(QUEUES)
"""Copies after one death behind a publish: what a relay took at once are the ticks of a second, or of two
where the machine was slow."""
TICKS = "FROM schedule_ticks WHERE schedule = ANY($1)"
LATER = (
    f"SELECT count(*) = cardinality($1::text[]) FROM (SELECT schedule {TICKS} AND due > $3 "
    "GROUP BY schedule HAVING count(*) >= $2) far"
)
AWAY_LONG = f"SELECT clock_timestamp() > max(due) + make_interval(secs => $2) {TICKS}"
NAMES = list(QUEUES)


async def test_killed_scheduler(
    world: World, killed_at: str, seed: int, request: pytest.FixtureRequest
) -> None:
    wrong = await _violations(world, lives(killed_at, POINTS[killed_at], seed), seed)
    assert not wrong, told(request, seed, wrong, world)


async def test_forgetting_before_publishing_is_seen(world: World) -> None:
    """The check can fail: ticks whose row is gone before their message is out."""
    wrong = await _violations(world, ("scheduler.after_publish",), 1, mutation="forgets_before_publishing")
    assert any("never announced" in violation for violation in wrong), wrong


async def _violations(world: World, deaths: Sequence[str], seed: int, mutation: str = "") -> list[str]:
    """Kill one of two; kill both, for a while; then see what a third one makes up for."""
    beside = Launch("scheduler", settings=EVERY_SECOND)
    await world.start([Launch("scheduler", tuple(deaths), mutation, EVERY_SECOND), beside])
    first, second = world.processes

    async def died() -> bool:
        return first.kills >= len(deaths)

    await eventually(died, within=60, what=f"{deaths} are passed: else the experiment proves nothing")
    await _more_ticks(world, 1)
    excused = await _kill(world, first, second)
    seconds = Random(f"away {seed}").uniform(2.2, 3.5)  # two ticks or more: one is made up for
    await world.until(AWAY_LONG, NAMES, seconds, what="ticks were missed")
    await world.start([beside])
    await _more_ticks(world, 2)
    excused |= await _kill(world, world.processes[-1])
    await _relay_the_rest(world)
    rows = await _ticks(world)
    announced = Counter([tick async for tick in _announced(world)])
    wrong = [f"never announced: {tick}" for tick in sorted(rows.keys() - announced)]
    wrong += [f"announced, but no tick: {tick}" for tick in sorted(announced.keys() - rows)]
    wrong += _copied(announced - Counter(excused), deaths)
    return wrong + [what for name in QUEUES for what in _gaps(name, rows)]


def _copied(announced: Counter[str], deaths: Sequence[str]) -> Iterator[str]:
    """A tick is announced again where its process died after the publish.

    So it may be by a death elsewhere, too: that of one schedule may fall into the relay of another.
    """
    copies = sum(times - 1 for times in announced.values() if times > 1)
    at_publish = sum("after_publish" in death for death in deaths)
    if not at_publish <= copies <= AT_ONCE * len(deaths):
        most = announced.most_common(4)
        yield f"{copies} copies after {len(deaths)} deaths, {at_publish} behind a publish: {most}"


def _gaps(name: str, rows: dict[str, tuple[str, datetime, int]]) -> Iterator[str]:
    """Each second since the first tick of a schedule is a tick, or made up for by exactly one."""
    ticks = sorted((due, missed) for schedule, due, missed in rows.values() if schedule == name)
    for (before, _), (due, missed) in pairwise(ticks):
        between = round((due - before).total_seconds()) - 1
        if between != missed:
            yield f"{name}: {between} ticks between {before} and {due}, {missed} made up for"
    if not any(missed for _, missed in ticks[1:]):
        yield f"{name}: nobody made up for anything, and nobody was there for a while"


async def _ticks(world: World) -> dict[str, tuple[str, datetime, int]]:
    """Schedule, time, and how many missed ones each made up for; by the id that its message has."""
    async with world.connected() as connection:
        rows = await connection.fetch(f"SELECT schedule, due, result {TICKS} AND result <> $2", NAMES, NEW)
    found = ((row["schedule"], row["due"], _missed(row["result"])) for row in rows)
    return {_id(schedule, due): (schedule, due, missed) for schedule, due, missed in found}


async def _kill(world: World, *processes: Supervised) -> set[str]:
    """kill -9, for good; the last ticks: one that was just being announced may be announced again."""
    await asyncio.gather(*(process.stop() for process in processes))
    async with world.connected() as connection:
        rows = await connection.fetch(f"SELECT schedule, max(due) AS due {TICKS} GROUP BY schedule", NAMES)
    return {_id(row["schedule"], row["due"]) for row in rows}


async def _announced(world: World) -> AsyncIterator[str]:
    for queue in QUEUES.values():
        for message in await take_all(world.bus, queue):
            yield str(message.correlation_id)


def _id(schedule: str, due: datetime) -> str:
    return f"{schedule}@{due:%Y-%m-%dT%H:%M:%SZ}"


def _missed(result: str) -> int:
    found = re.search(r"made up for (\d+) missed", result)
    return int(found[1]) if found else 0


async def _more_ticks(world: World, count: int) -> None:
    """So many of each schedule, after the newest of all."""
    async with world.connected() as connection:
        newest = await connection.fetchval(f"SELECT max(due) {TICKS}", NAMES)
    await world.until(LATER, NAMES, count, newest, what="the schedules go on")


async def _relay_the_rest(world: World) -> None:
    """Publish what the killed ones left in the outbox, as the next one would."""
    engine = make_engine(DatabaseSettings(database_url=world.database.url_of("scheduler")), "scheduler")
    bus = Bus(world.bus, "scheduler")
    try:
        while await Relay(engine, bus, "scheduler").relay_once():
            pass
    finally:
        await bus.stop()
        await engine.dispose()
