"""What one transaction sets is gone for the next one on the same connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from libs.db.engine import at_once, make_engine, snapshot, tenant, transaction
from libs.settings import DatabaseSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually

SETTINGS = (
    "lock_timeout",
    "transaction_isolation",
    "transaction_read_only",
    "default_transaction_isolation",
    "default_transaction_read_only",
    "tidemark.role",
    "tidemark.clients",
    "TimeZone",
    "application_name",
)


def single(database: Database, service: str) -> AsyncEngine:
    settings = DatabaseSettings(
        database_url=database.url_of(service), database_pool_size=1, database_pool_overflow=0
    )
    return make_engine(settings, service)


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """The gateway's role on a single connection."""
    engine = single(database, "gateway")
    yield engine
    await engine.dispose()


@pytest.fixture
async def campaign(database: Database) -> None:
    """One campaign of one client: where there is no row at all, nobody is asked for whom it is."""
    owner = await asyncpg.connect(database.owner_url)
    client = await owner.fetchval("INSERT INTO clients (name) VALUES ('c') RETURNING id")
    row = "INSERT INTO campaigns (client_id, id, source, name) VALUES ($1, 1, 'vibe', 'a')"
    await owner.execute(row, client)
    await owner.close()


async def in_force(engine: AsyncEngine) -> dict[str, str]:
    async with engine.begin() as connection:
        found = {
            name: (
                await connection.execute(text("SELECT current_setting(:n, true)"), {"n": name})
            ).scalar_one()
            for name in SETTINGS
        }
    return {name: value or "" for name, value in found.items()}


async def test_nothing_that_a_transaction_sets_reaches_the_next(engine: AsyncEngine) -> None:
    fresh = await in_force(engine)
    assert fresh["TimeZone"] == "UTC"
    assert fresh["application_name"] == "gateway"
    async with transaction(engine, lock_timeout_ms=7):
        pass
    assert await in_force(engine) == fresh
    async with tenant(engine, role="admin", client_ids=[1], user_id="u"):
        pass
    assert await in_force(engine) == fresh
    async with snapshot(engine) as connection:
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(text("DELETE FROM api_keys"))
    assert await in_force(engine) == fresh


async def test_a_transaction_that_fails_or_is_cancelled_leaves_nothing_either(engine: AsyncEngine) -> None:
    fresh = await in_force(engine)

    async def asked(statement: str) -> None:
        async with tenant(engine, role="admin", client_ids=[1]) as connection:
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError):
        await asked("SELECT 1 / 0")
    assert await in_force(engine) == fresh
    task = asyncio.create_task(asked("SELECT pg_sleep(60)"))
    done, _ = await asyncio.wait({task}, timeout=0.3)
    assert not done
    task.cancel()
    await asyncio.wait({task}, timeout=10)
    assert await in_force(engine) == fresh


async def test_a_snapshot_sees_one_state(engine: AsyncEngine, database: Database) -> None:
    other = single(database, "gateway")
    count = text("SELECT count(*) FROM users")
    async with snapshot(engine) as connection:
        before = (await connection.execute(count)).scalar_one()
        async with transaction(other) as writing:
            await writing.execute(
                text("INSERT INTO users (email, password_hash, role) VALUES ('a@b.c', 'x', 'admin')")
            )
        assert (await connection.execute(count)).scalar_one() == before
    async with snapshot(engine) as connection:
        assert (await connection.execute(count)).scalar_one() == before + 1
    await other.dispose()


@pytest.mark.usefixtures("campaign")
async def test_no_tenant_set_is_no_rows_and_an_error_in_the_log(engine: AsyncEngine) -> None:
    with capture_logs() as logs:
        async with transaction(engine) as connection:
            assert (await connection.execute(text("SELECT * FROM campaigns"))).all() == []
        await eventually(lambda: _said(logs))
    assert [(entry["log_level"], entry["event"], entry["service"]) for entry in logs] == [
        ("error", "no tenant set", "gateway")
    ]
    assert "FROM campaigns" in logs[0]["detail"]


@pytest.mark.usefixtures("campaign")
async def test_a_tenant_or_a_table_of_nobody_or_a_role_of_the_pipeline_is_no_error(
    engine: AsyncEngine, database: Database
) -> None:
    pipeline = single(database, "loader")
    with capture_logs() as logs:
        async with tenant(engine, role="client", client_ids=[]) as connection:
            await connection.execute(text("SELECT * FROM campaigns"))
        async with tenant(engine, role="admin", client_ids=[]) as connection:
            await connection.execute(text("SELECT * FROM daily_metrics_flat"))
        async with transaction(engine) as connection:
            await connection.execute(text("SELECT * FROM users"))
        async with transaction(pipeline) as connection:
            await connection.execute(text("SELECT * FROM campaigns"))
            await connection.execute(text("DO $$ BEGIN RAISE WARNING 'the last'; END $$"))
        await eventually(lambda: _said(logs))
    assert [entry["event"] for entry in logs] == ["the last"]
    await pipeline.dispose()


async def _said(logs: Sequence[Mapping[str, Any]]) -> bool:
    return bool(logs)


async def pid_of(engine: AsyncEngine) -> int:
    async with transaction(engine) as connection:
        found: int = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        return found


async def test_a_connection_that_the_server_closed_is_not_given_out(
    engine: AsyncEngine, database: Database
) -> None:
    first = await pid_of(engine)
    async with at_once(engine) as raw:
        pass
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("SELECT pg_terminate_backend($1)", first)
    await owner.close()
    await eventually(lambda: _is_closed(raw))
    assert await pid_of(engine) != first


async def test_only_a_connection_that_lay_for_long_is_asked_whether_it_is_alive(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def no_answer(connection: object) -> bool:
        asked.append(connection)
        raise dialect.loaded_dbapi.InterfaceError("no answer")

    dialect = engine.sync_engine.dialect
    monkeypatch.setattr(dialect, "do_ping", no_answer)
    monkeypatch.setattr("libs.db.engine.ASKED_AFTER_SECONDS", 600)
    first = await pid_of(engine)
    assert await pid_of(engine) == first
    assert not asked
    monkeypatch.setattr("libs.db.engine.ASKED_AFTER_SECONDS", -1)
    assert await pid_of(engine) != first
    assert len(asked) == 1


async def _is_closed(raw: asyncpg.Connection[asyncpg.Record]) -> bool:
    return raw.is_closed()
