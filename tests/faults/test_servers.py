"""kill -9 of the broker and of a PostgreSQL backend in the middle of a merge, under load."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from random import Random

from contracts.topology import QUEUES
from deploy.local import kill_broker, start_broker
from libs.testing.waiting import eventually
from tests.faults.conftest import Run
from tests.faults.experiment import Experiment
from tests.faults.world import Launch, World

CONSUMERS_BACK_WITHIN = 30.0
RECONNECTED_WITHIN = 10.0
"""Seconds after the server is back (reliability.md)."""

SERVICES = (Launch("loader"), Launch("aggregator"))

_IN_MERGE = (
    "SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid "
    "WHERE a.datname = current_database() AND a.application_name = 'loader' "
    "AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted"
)
"""Backends that hold the turn of a client and source."""


async def test_killed_broker(experiment: Run, seed: int) -> None:
    """Unanswered messages are sent again, or (one in four) given up: nobody knows what became of them."""

    async def fault(running: Experiment) -> None:
        await _durable(running.world)
        await _under_way(running, Random(f"broker {seed}").uniform(0.1, 0.6))
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
            await _under_way(running, share)
            await _kill_backend(running)
            await running.world.until("SELECT true", what="PostgreSQL answers again")
            await running.world.ready(within=RECONNECTED_WITHIN)

    await experiment(seed, SERVICES, fault)


async def _under_way(running: Experiment, share: float) -> None:
    """Wait until the loader has taken this share of the load."""

    async def reached() -> bool:
        return running.outside.progress >= share

    await eventually(reached, within=60, what=f"{share:.0%} of the load is staged")


async def _kill_backend(running: Experiment) -> None:
    """kill -9 of the first backend that is seen in a merge."""
    deadline = time.monotonic() + 20
    with suppress(ConnectionError, OSError):
        async with running.world.connected() as connection:
            while (pid := await connection.fetchval(_IN_MERGE)) is None:
                assert time.monotonic() < deadline, "no loader was seen in a merge"
            os.kill(pid, signal.SIGKILL)


async def _durable(world: World) -> None:
    """RabbitMQ 3.10 forgets a quorum queue that is killed just after its declaration (rabbitmq/ra#443)."""
    vhost = world.bus.rabbitmq_url.rpartition("/")[2]
    names = [f"{vhost}_{name}".encode() for queue in QUEUES for name in (queue.name, queue.dead)]
    (directory,) = world.infra.servers["broker"].folder.glob("data/*/quorum/*/names.dets")

    async def written() -> bool:
        content = directory.read_bytes()
        return all(name in content for name in names)

    await eventually(written, within=20, what="every queue is in the broker's directory")
