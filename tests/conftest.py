"""Real servers for every test: private ones of this checkout, a database and a virtual host per worker.

Servers are started (or found) once. Tests that commit use ``database``: a copy of a migrated template, or
one that was emptied after another test.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.topology import QUEUES, Queue
from deploy.local import Infra, ensure
from libs.db.engine import make_engine
from libs.settings import BusSettings, DatabaseSettings
from libs.testing.databases import Database
from libs.testing.reuse import Databases
from libs.testing.vhosts import drop_vhost, fresh_vhost
from tests.scheduling import OneSetOfServers, scheduler

ROOT = Path(__file__).parents[1]

# Workers share few cores: how long an example takes says nothing about the code.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneSetOfServers | None:
    """How tests are shared out between workers."""
    return scheduler(config, log)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no use in looking for garbage in it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def infra() -> Infra:
    """The servers of the tests; several workers share them."""
    return ensure(ROOT, name="test")


@pytest.fixture(scope="session")
def worker() -> str:
    """A name that no other worker and no other run has."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def databases(infra: Infra, worker: str) -> Iterator[Databases]:
    """Where a test's database comes from."""
    found = Databases(infra.database_url, f"test_{worker}")
    yield found
    asyncio.run(found.close())


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    """A migrated database of this test's own, as empty as a new one."""
    made = await databases.take()
    yield made
    await databases.give_back(made)


@pytest.fixture
async def engine_of(database: Database) -> AsyncIterator[Callable[[str], AsyncEngine]]:
    """Engines with the role of a service: ``engine_of("loader")``."""
    engines: dict[str, AsyncEngine] = {}

    def make(service: str) -> AsyncEngine:
        if service not in engines:
            settings = DatabaseSettings(database_url=database.url_of(service))
            engines[service] = make_engine(settings, service)
        return engines[service]

    yield make
    await asyncio.gather(*(engine.dispose() for engine in engines.values()))


@pytest.fixture(scope="session")
def broker_settings(infra: Infra) -> BusSettings:
    """How to reach the broker as its administrator."""
    return BusSettings(
        rabbitmq_url=infra.rabbitmq_url,
        rabbitmq_management_url=infra.rabbitmq_management_url,
        publish_timeout=10,
        graceful_timeout=10,
    )


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """Those of a test's virtual host: all; a folder that needs few says which, for they are not cheap."""
    return QUEUES


@pytest.fixture
async def bus_settings(
    broker_settings: BusSettings, worker: str, queues: tuple[Queue, ...]
) -> AsyncIterator[BusSettings]:
    """A virtual host of this test's own, with the topology and a fast retry ladder."""
    name = f"test_{worker}_{uuid4().hex[:6]}"
    yield await fresh_vhost(broker_settings, name, queues=queues)
    await drop_vhost(broker_settings, name, led=True)
