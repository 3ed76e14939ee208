"""A broker of these tests' own, to be killed and restarted; the shared one is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.topology import Queue
from deploy.local import Infra, ensure, rabbitmqctl, start_broker, start_postgres, stop
from libs.settings import BusSettings
from libs.testing.vhosts import drop_vhost, fresh_vhost, queues_around
from tests.libs.bus.consuming import SERVICE

ROOT = Path(__file__).parents[3]
NAMES_TO_DISK = "ok = dets:sync(ra_directory_reverse)."
"""RabbitMQ 3.10 writes the names of new quorum queues to the disk up to a second after it said that they are
declared. Killed in between, it starts the last of them without a leader, for good."""


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """Of the service that is looked at here, and of whom it tells."""
    return queues_around(SERVICE)


@pytest.fixture(scope="session")
def fault_infra(worker: str) -> Iterator[Infra]:
    """Servers that nobody else uses; stopped and deleted at the end."""
    name = f"bus-{worker.replace('_', '-')}"
    infra = ensure(ROOT, name, object_store=False)
    try:
        for kind in ("broker", "postgres"):
            if kind not in infra.servers or infra.servers[kind].origin != "private":
                pytest.skip(f"the {kind} given in the environment must not be killed")
        yield infra
    finally:
        stop(ROOT, name)


@pytest.fixture
async def faulty(fault_infra: Infra) -> AsyncIterator[Infra]:
    """The same, whole again after each test."""
    await asyncio.to_thread(_heal, fault_infra)
    yield fault_infra
    await asyncio.to_thread(_heal, fault_infra)


def _heal(infra: Infra) -> None:
    if infra.broker_pid is None:
        start_broker(infra)
    if infra.postgres_pid is None:
        start_postgres(infra)
    rabbitmqctl(infra, "set_vm_memory_high_watermark", "0.6")


@pytest.fixture
async def fault_bus(faulty: Infra, queues: tuple[Queue, ...]) -> AsyncIterator[BusSettings]:
    """A virtual host with these queues on the broker that may be killed."""
    server = BusSettings(
        rabbitmq_url=faulty.rabbitmq_url,
        rabbitmq_management_url=faulty.rabbitmq_management_url,
        publish_timeout=1.5,
        graceful_timeout=5,
    )
    name = f"faults_{uuid4().hex[:8]}"
    settings = await fresh_vhost(server, name, queues=queues)
    await asyncio.to_thread(rabbitmqctl, faulty, "eval", NAMES_TO_DISK)
    yield settings
    await asyncio.to_thread(_heal, faulty)
    await drop_vhost(server, name)


@pytest.fixture
def engine(engine_of: Callable[[str], AsyncEngine]) -> AsyncEngine:
    """With the rights of the service whose outbox is filled and relayed."""
    return engine_of(SERVICE)
