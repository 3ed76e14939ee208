"""A desk on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.topology import Queue
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from tests.libs.mail.servers import Authority, make_authority
from tests.services.notifier.desk import Desk


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The notifier's."""
    return queues_around("notifier")


@pytest.fixture
async def desk(database: Database, engine_of: Callable[[str], AsyncEngine]) -> AsyncIterator[Desk]:
    owner = await asyncpg.connect(database.owner_url)
    made = Desk(owner, engine_of("notifier"))
    await owner.execute("INSERT INTO clients (public_id, name) VALUES ($1, 'Acme')", made.client)
    yield made
    await owner.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of the tests' mail servers."""
    return make_authority(tmp_path_factory.mktemp("ca"))
