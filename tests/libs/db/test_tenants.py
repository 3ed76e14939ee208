"""Tenants on one pooled connection: nobody sees another's rows, nothing stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import make_engine, tenant, transaction
from libs.settings import DatabaseSettings
from libs.testing.databases import Database

REQUESTS = 200


@pytest.fixture
async def clients(database: Database) -> list[int]:
    """Two clients with some rates each."""
    owner = await asyncpg.connect(database.owner_url)
    made = []
    for name in ("one", "two"):
        client = await owner.fetchval("INSERT INTO clients (name) VALUES ($1) RETURNING id", name)
        await owner.execute(
            "INSERT INTO client_settings (client_id, cpm, currency, effective_date) "
            "SELECT $1, 5, 'USD', date '2026-01-01' + n FROM generate_series(1, 20) n",
            client,
        )
        made.append(client)
    await owner.close()
    return made


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """The gateway's role on a single connection."""
    settings = DatabaseSettings(
        database_url=database.url_of("gateway"), database_pool_size=1, database_pool_overflow=0
    )
    engine = make_engine(settings, "gateway")
    yield engine
    await engine.dispose()


async def seen(engine: AsyncEngine, client: int, *, fail: bool = False) -> set[int]:
    async with tenant(engine, role="client", client_ids=[client]) as connection:
        rows = await connection.execute(text("SELECT client_id FROM client_settings"))
        found = set(rows.scalars())
        if fail:
            await connection.execute(text("SELECT 1 / 0"))
        return found


async def test_two_tenants_times_many_requests_on_one_connection(
    engine: AsyncEngine, clients: list[int]
) -> None:
    waiting = asyncio.Semaphore(20)

    async def ask(number: int) -> bool:
        async with waiting:
            return await one(number)

    async def one(number: int) -> bool:
        client = clients[number % 2]
        request = asyncio.create_task(seen(engine, client, fail=number % 7 == 0))
        if number % 11 == 0:
            await asyncio.sleep(0)
            request.cancel()
        try:
            return await request == {client}
        except (asyncio.CancelledError, DBAPIError):
            return True

    async with asyncio.timeout(120):
        assert all(await asyncio.gather(*(ask(number) for number in range(2 * REQUESTS))))
    assert await seen(engine, clients[0]) == {clients[0]}


async def test_no_tenant_no_rows(engine: AsyncEngine, clients: list[int]) -> None:
    await seen(engine, clients[0])
    async with transaction(engine) as connection:
        for table in ("clients", "client_settings", "daily_metrics", "rollups", "ingestion_logs"):
            found = await connection.execute(text(f"SELECT count(*) FROM {table}"))
            assert found.scalar_one() == 0, table


async def test_nothing_of_a_tenant_stays_with_the_connection(engine: AsyncEngine, clients: list[int]) -> None:
    await seen(engine, clients[1])
    async with engine.begin() as connection:
        for name in ("tidemark.clients", "tidemark.role", "tidemark.user"):
            found = await connection.execute(text("SELECT current_setting(:name, true)"), {"name": name})
            assert not found.scalar_one()


async def test_a_tenant_cannot_write_into_another(engine: AsyncEngine, clients: list[int]) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with tenant(engine, role="client", client_ids=[clients[0]]) as connection:
            await connection.execute(
                text(
                    "INSERT INTO client_settings (client_id, cpm, currency, effective_date) "
                    "VALUES (:client, 1, 'USD', '2026-06-01')"
                ),
                {"client": clients[1]},
            )


async def test_an_admin_sees_all(engine: AsyncEngine, clients: list[int]) -> None:
    async with tenant(engine, role="admin", client_ids=[]) as connection:
        found = await connection.execute(text("SELECT DISTINCT client_id FROM client_settings"))
        assert set(found.scalars()) == set(clients)


async def test_a_worker_beside_an_api_sees_all_and_its_api_does_not(
    database: Database, clients: list[int]
) -> None:
    """One role, two engines (docs/adr/0013): what the one's sessions say never reaches the other's."""
    settings = DatabaseSettings(database_url=database.url_of("facebook"))
    worker, api = make_engine(settings, "facebook", sees_all=True), make_engine(settings, "facebook")
    count = text("SELECT count(*) FROM clients")
    for _ in range(2):
        async with transaction(worker) as connection:
            assert (await connection.execute(count)).scalar_one() == len(clients)
        async with transaction(api) as connection:
            assert (await connection.execute(count)).scalar_one() == 0
    await worker.dispose()
    await api.dispose()
