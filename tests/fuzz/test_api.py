"""schemathesis over the whole OpenAPI document: no 500, no undocumented answer, nothing bad accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from cryptography.fernet import Fernet

from contracts.topology import Queue
from deploy.local import Infra
from libs.settings import BusSettings
from libs.testing.databases import drop_database, fresh_database
from libs.testing.vhosts import queues_around
from services.gateway.main import create_app
from tests.fuzz.fuzzing import Outcome, fuzz
from tests.services.gateway.conftest import KEY, Api, Seeded, at_the_desk, settings_of
from tests.services.gateway.connector import CONNECTOR, beside, of_connector, on
from tests.services.gateway.marked import furnish
from tests.services.gateway.world import build

DAY = 1440


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The connector's and the loader's; the gateway's own broker is away."""
    return queues_around("facebook", "loader")


@pytest.fixture
def spoiled(infra: Infra, worker: str) -> Iterator[Seeded]:
    """A database of this test's own: an administrator's cases change what they find."""

    async def make() -> Seeded:
        database = await fresh_database(infra.database_url, f"fuzz_{worker}_{uuid4().hex[:6]}")
        world = await build(database.owner_url)
        connection = await asyncpg.connect(database.owner_url)
        await furnish(connection, world)
        await connection.close()
        return Seeded(database, world)

    yield (found := asyncio.run(make()))
    asyncio.run(drop_database(found.database))


@pytest.fixture
def uploads(spoiled: Seeded, bus_settings: BusSettings, tmp_path: Path) -> Iterator[str]:
    """Where the connector answers; what it takes is loaded, so that waiting for it comes to an end."""
    settings = of_connector(spoiled.database, tmp_path, KEY, bus_settings)
    with (
        beside(CONNECTOR, tmp_path, settings) as url,
        beside("services.loader.main", tmp_path, on(spoiled.database, "loader", bus_settings)),
    ):
        yield url


def test_every_answer_is_documented(spoiled: Seeded, uploads: str, who: str | None, examples: int) -> None:
    settings = settings_of(
        spoiled.database,
        encryption_key=Fernet.generate_key().decode(),
        access_token_expire_minutes=DAY,
        facebook_url=uploads,
    )
    api = at_the_desk(Api(create_app(settings), spoiled.world))
    outcome = fuzz(api.app, api.token(who) if who else None, examples)
    print(outcome)
    assert outcome.failures == {}, str(outcome)
    assert_it_was_a_run(outcome, who, examples)


def assert_it_was_a_run(outcome: Outcome, who: str | None, examples: int) -> None:
    """All operations were asked, and those who may were let in."""
    assert len(outcome.operations) > 110
    assert sum(" /api/v1/facebook/" in operation for operation in outcome.operations) == 5
    assert outcome.cases > 100 * examples
    good = sum(outcome.statuses[status] for status in (200, 201, 202))
    let_in = (
        outcome.cases - outcome.statuses[401]
    )  # each good one is sent again without and with a wrong token
    if who is None:
        assert good < outcome.cases * 0.1
    else:
        assert good > let_in * 0.1
