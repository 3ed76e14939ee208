"""A client with facts in a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.testing.databases import Database
from tests.services.aggregator.world import World


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
