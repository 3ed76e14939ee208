"""A client with two months of data, its schedules, and a real mail server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.testing.databases import Database
from tests.libs.mail.servers import Authority, make_authority
from tests.services.gateway.world import World, add_client, add_user
from tests.services.reporter.office import Office


@pytest.fixture
async def office(database: Database, engine_of: Callable[[str], AsyncEngine]) -> AsyncIterator[Office]:
    owner, world = await asyncpg.connect(database.owner_url), World()
    await add_user(owner, world, "nina", "client")
    client = await add_client(owner, world, "North", "nina")
    # Uploads have gaps that nobody waits for here; the platforms delivered every day.
    await owner.execute("DELETE FROM slice_head WHERE source = 'facebook'")
    yield Office(owner, engine_of("reporter"), client)
    await owner.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of the tests' mail servers."""
    return make_authority(tmp_path_factory.mktemp("ca"))
