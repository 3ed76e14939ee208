"""Databases that are used again: as new, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from deploy.local import Infra
from libs.testing.databases import Database
from libs.testing.reuse import Databases

CHANGES = {
    "a table": "CREATE TABLE more (number int)",
    "a column": "ALTER TABLE clients ADD COLUMN more int",
    "a right": "GRANT DELETE ON clients TO tidemark_notifier",
    "a policy": "ALTER TABLE campaigns NO FORCE ROW LEVEL SECURITY",
    "a trigger": "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
    "an index": "CREATE INDEX ON clients (lower(name))",
    "statistics": "INSERT INTO clients (name) VALUES ('counted'); ANALYZE clients",
    "the template's rows": "UPDATE alembic_version SET version_num = 'other'",
}


@pytest.fixture
async def reused(infra: Infra) -> AsyncIterator[Databases]:
    made = Databases(infra.database_url, f"reuse_{uuid4().hex[:6]}")
    yield made
    await made.close()


async def used(databases: Databases, commands: str) -> tuple[Database, Database]:
    """A database in which this happened, and the next one."""
    first = await databases.take()
    connection = await asyncpg.connect(first.owner_url)
    await connection.execute(commands)
    await connection.close()
    await databases.give_back(first)
    return first, await databases.take()


async def test_rows_partitions_and_numbers_are_gone_when_a_database_is_used_again(reused: Databases) -> None:
    rows = "INSERT INTO clients (name) VALUES ('left over'); SELECT ensure_month(current_date)"
    first, second = await used(reused, rows)
    assert first == second
    connection = await asyncpg.connect(second.owner_url)
    assert await connection.fetchval("SELECT count(*) FROM clients") == 0
    assert await connection.fetchval("SELECT count(*) FROM pg_class WHERE relispartition") == 0
    assert await connection.fetchval("INSERT INTO clients (name) VALUES ('first') RETURNING id") == 1
    await connection.close()
    await reused.give_back(second)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_database_in_which_more_than_rows_changed_is_not_used_again(
    reused: Databases, change: str
) -> None:
    first, second = await used(reused, CHANGES[change])
    assert first != second
    await reused.give_back(second)


async def test_a_database_to_which_somebody_is_connected_is_not_used_again(reused: Databases) -> None:
    first = await reused.take()
    connection = await asyncpg.connect(first.url_of("loader"))
    await reused.give_back(first)
    assert await reused.take() != first
    connection.terminate()
