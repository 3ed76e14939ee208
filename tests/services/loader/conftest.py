"""A loader's engine and a client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from libs.db.engine import make_engine
from libs.settings import DatabaseSettings
from libs.testing.databases import Database
from services.loader.handlers.resolving import Resolver
from tests.services.loader.deliveries import make_client


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncEngine]:
    """The schema's owner: sees and writes everything."""
    engine = make_engine(DatabaseSettings(database_url=database.owner_url), "tests")
    yield engine
    await engine.dispose()


@pytest.fixture
def engine(engine_of: Callable[[str], AsyncEngine]) -> AsyncEngine:
    """With the loader's own role."""
    return engine_of("loader")


@pytest.fixture
def resolver(engine: AsyncEngine) -> Resolver:
    return Resolver(engine)


@pytest.fixture
async def client(owner: AsyncEngine) -> UUID:
    return await make_client(owner)


@pytest.fixture
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries
