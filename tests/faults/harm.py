"""What faults have in common: when to strike, and where."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

from contracts.topology import QUEUES
from libs.testing.waiting import eventually
from tests.faults.experiment import Experiment
from tests.faults.world import World

IN_MERGE = (
    "SELECT a.pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid "
    "WHERE a.datname = current_database() AND a.application_name = 'loader' "
    "AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.mode = 'ExclusiveLock' "
    "AND l.granted"
)
"""Backends that hold the turn of a client and source."""


async def under_way(running: Experiment, share: float) -> None:
    """Wait until the loader has taken this share of the load."""

    async def reached() -> bool:
        return running.outside.progress >= share

    await eventually(reached, within=60, every=0.03, what=f"{share:.0%} of the load is staged")


async def kill_backend(running: Experiment) -> None:
    """kill -9 of the first backend that is seen in a merge."""
    deadline = time.monotonic() + 20
    with suppress(ConnectionError, OSError):
        async with running.world.connected() as connection:
            while (pid := await connection.fetchval(IN_MERGE)) is None:
                assert time.monotonic() < deadline, "no loader was seen in a merge"
            os.kill(pid, signal.SIGKILL)


async def durable(world: World) -> None:
    """RabbitMQ 3.10 forgets a quorum queue that is killed just after its declaration (rabbitmq/ra#443)."""
    vhost = world.bus.rabbitmq_url.rpartition("/")[2]
    names = [f"{vhost}_{name}".encode() for queue in QUEUES for name in (queue.name, queue.dead)]
    (directory,) = world.infra.servers["broker"].folder.glob("data/*/quorum/*/names.dets")

    async def written() -> bool:
        content = directory.read_bytes()
        return all(name in content for name in names)

    await eventually(written, within=20, what="every queue is in the broker's directory")
