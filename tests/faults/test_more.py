"""Slower faults, for `make faults` alone: frozen and restarted services, servers that go down as a whole."""

from __future__ import annotations

import asyncio
import signal
import time

import asyncpg
import pytest

from deploy.local import kill_postgres, start_broker, start_postgres, stop_broker
from libs.testing.waiting import eventually
from tests.faults.conftest import Run
from tests.faults.experiment import Experiment
from tests.faults.harm import IN_MERGE, durable, under_way
from tests.faults.world import Launch, World

pytestmark = pytest.mark.faults

TWO_LOADERS = (Launch("loader"), Launch("loader"), Launch("aggregator"))
HEARTBEAT = 2
"""Seconds; after two without a sign the broker gives a frozen service's messages to another."""
RESTARTS = 8


async def test_loader_frozen_in_a_merge(experiment: Run, world: World, seed: int) -> None:
    """The broker gives its messages to the second loader; awake again, it may not apply them once more."""
    world.heartbeat = HEARTBEAT

    async def fault(running: Experiment) -> None:
        await world.ready()
        await under_way(running, 0.2)
        frozen = world.process("loader-1")
        await _freeze_in_merge(world)

        async def given_up() -> bool:
            return (await world.queues.depths())["loader.merges"].consumers == 1

        await eventually(given_up, within=60, what="the broker gives the frozen loader up")
        frozen.send(signal.SIGCONT)

    await experiment(seed, TWO_LOADERS, fault)


async def _freeze_in_merge(world: World) -> None:
    """SIGSTOP of the first loader while it holds the turn of a client and source."""
    frozen, deadline = world.process("loader-1"), time.monotonic() + 30
    async with world.connected() as connection:
        while time.monotonic() < deadline:
            if await connection.fetchval(IN_MERGE) is None:
                continue
            frozen.send(signal.SIGSTOP)
            if await eventually(lambda: _settled(connection)) == "stays":
                return
            frozen.send(signal.SIGCONT)
    pytest.fail("the first loader could not be stopped in a merge")


async def _settled(connection: asyncpg.Connection[asyncpg.Record]) -> str:
    """``stays``: a turn is held by somebody who says nothing more; ``over``: it was the other loader's.

    Between the parts of a statement a backend that waits for its client counts as active.
    """
    if await connection.fetchval(IN_MERGE) is None:
        return "over"
    silent = "a.wait_event_type = 'Client' AND a.state_change < clock_timestamp() - interval '0.5 s'"
    return "" if await connection.fetchval(f"{IN_MERGE} AND {silent}") is None else "stays"


async def test_rolling_restart(experiment: Run, world: World, seed: int) -> None:
    """SIGTERM of one service after the other: no message dies, no process ends in disorder."""

    async def fault(running: Experiment) -> None:
        await world.ready()
        for number in range(RESTARTS):
            process = world.processes[(number + seed) % len(world.processes)]
            lives = len(process.deaths)
            process.send(signal.SIGTERM)

            async def started_again(lives: int = lives) -> bool:
                return len(process.deaths) > lives and await process.ready(world.http)  # noqa: B023

            await eventually(started_again, within=60, what=f"{process.name} is back")

    await experiment(seed, TWO_LOADERS, fault)


async def test_broker_restarted_in_order(experiment: Run, seed: int) -> None:
    """Twice in a row."""

    async def fault(running: Experiment) -> None:
        await durable(running.world)
        for share in (0.15, 0.5):
            await under_way(running, share)
            await asyncio.to_thread(stop_broker, running.world.infra)
            await asyncio.to_thread(start_broker, running.world.infra)
            await running.world.ready()

    await experiment(seed, TWO_LOADERS, fault, gives_up=0.25)


async def test_postgres_killed_as_a_whole(experiment: Run, seed: int) -> None:
    """The postmaster with every backend, as when the machine goes down."""

    async def fault(running: Experiment) -> None:
        await under_way(running, 0.3)
        await asyncio.to_thread(kill_postgres, running.world.infra)
        await asyncio.to_thread(start_postgres, running.world.infra)
        await running.world.ready()

    await experiment(seed, TWO_LOADERS, fault)
