"""Databases of tests: copies of one template, whoever else makes some at the same time."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from contracts.ownership import ROLES
from deploy.local import Infra
from libs.db import migrate
from libs.db.engine import make_engine
from libs.settings import DatabaseSettings
from libs.testing.databases import ROLE_PASSWORD, Database, drop_database, fresh_database


async def tables_of(database: Database) -> int:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    finally:
        await connection.close()


async def test_many_are_made_at_once_and_each_is_whole(infra: Infra) -> None:
    names = [f"race_{uuid4().hex[:10]}" for _ in range(6)]
    made = await asyncio.gather(*(fresh_database(infra.database_url, name) for name in names))
    try:
        assert len(set(await asyncio.gather(*(tables_of(database) for database in made)))) == 1
    finally:
        await asyncio.gather(*(drop_database(database) for database in made))


async def test_a_new_one_of_the_same_name_is_empty_although_somebody_is_connected(infra: Infra) -> None:
    name = f"again_{uuid4().hex[:10]}"
    old = await fresh_database(infra.database_url, name)
    connection = await asyncpg.connect(old.owner_url)
    await connection.execute("INSERT INTO clients (name) VALUES ('left over')")
    new = await fresh_database(infra.database_url, name)
    fresh = await asyncpg.connect(new.owner_url)
    assert await fresh.fetchval("SELECT count(*) FROM clients") == 0
    await fresh.close()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
        await connection.fetchval("SELECT 1")
    await drop_database(new)


@pytest.mark.parametrize(
    ("owner", "service"),
    [
        (
            "postgresql://owner:secret@[::1]:5432/db?sslmode=require",
            "postgresql://tidemark_loader:p%40%2F@[::1]:5432/db?sslmode=require",
        ),
        ("postgresql://host/db", "postgresql://tidemark_loader:p%40%2F@host/db"),
        (
            "postgresql://o@h/db?sslrootcert=/a@b",
            "postgresql://tidemark_loader:p%40%2F@h/db?sslrootcert=/a@b",
        ),
    ],
)
def test_the_address_of_a_service_has_its_own_role_and_nothing_of_the_owner(owner: str, service: str) -> None:
    assert migrate.url_of("loader", owner, "p@/") == service


async def test_what_libpq_understands_may_stand_in_the_address(database: Database) -> None:
    """``sslmode`` is required in production."""
    encrypted = "?sslmode=prefer&target_session_attrs=read-write"
    await migrate.upgrade(database.owner_url + encrypted)
    await migrate.make_roles(database.owner_url + encrypted, {role.service: ROLE_PASSWORD for role in ROLES})
    await migrate.grant(database.owner_url + encrypted)
    engine = make_engine(DatabaseSettings(database_url=database.url_of("loader") + encrypted), "loader")
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT current_user"))).scalar_one() == "tidemark_loader"
    await engine.dispose()
    plain = "?sslmode=require"  # which the servers of the tests do not offer
    engine = make_engine(DatabaseSettings(database_url=database.url_of("loader") + plain), "loader")
    with pytest.raises(ConnectionError, match="SSL"):
        async with engine.connect():
            raise AssertionError
    await engine.dispose()
