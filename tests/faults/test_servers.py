"""kill -9 of the broker and of a PostgreSQL backend in the middle of a merge, under load."""

from __future__ import annotations

import asyncio
from random import Random

from deploy.local import kill_broker, start_broker
from tests.faults.conftest import Run
from tests.faults.experiment import Experiment
from tests.faults.harm import durable, kill_backend, under_way
from tests.faults.world import Launch

CONSUMERS_BACK_WITHIN = 30.0
RECONNECTED_WITHIN = 10.0
"""Seconds after the server is back."""

SERVICES = (Launch("loader"), Launch("aggregator"))


async def test_killed_broker(experiment: Run, seed: int) -> None:
    """Unanswered messages are sent again, or (one in four) given up: nobody knows what became of them."""

    async def fault(running: Experiment) -> None:
        await durable(running.world)
        await under_way(running, Random(f"broker {seed}").uniform(0.1, 0.6))
        kill_broker(running.world.infra)
        await asyncio.to_thread(start_broker, running.world.infra)
        await running.world.ready(within=CONSUMERS_BACK_WITHIN)

    done = await experiment(seed, SERVICES, fault, gives_up=0.25)
    assert done.journal.unknown, "no publish was cut off: the broker was not under load"


async def test_killed_postgres_backend(experiment: Run, seed: int) -> None:
    """PostgreSQL ends every session and recovers; the services come back by themselves."""

    async def fault(running: Experiment) -> None:
        random = Random(f"postgres {seed}")
        for share in sorted(random.uniform(0.1, 0.7) for _ in range(random.randint(1, 2))):
            await under_way(running, share)
            await kill_backend(running)
            await running.world.until("SELECT true", what="PostgreSQL answers again")
            await running.world.ready(within=RECONNECTED_WITHIN)

    await experiment(seed, SERVICES, fault)
