"""A client with facts in a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.topology import Queue
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from tests.services.aggregator.world import World


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The aggregator's."""
    return queues_around("aggregator")


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The owner's connection: what the loader and people do."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def world(owner: asyncpg.Connection[asyncpg.Record]) -> World:
    """A client with its hierarchy, without facts."""
    return await World(owner).make()


@pytest.fixture
def engine(engine_of: Callable[[str], AsyncEngine]) -> AsyncEngine:
    """The aggregator's own engine, with its own rights."""
    return engine_of("aggregator")
