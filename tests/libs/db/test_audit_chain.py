"""The chain of the audit log: whoever writes, however many at once, it has neither gap nor fork."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from contracts.ownership import ROLES, Role
from libs.db import migrate
from libs.db.migrations.versions import v0010_audit_chain
from libs.testing.databases import Database
from services.console import store
from services.console.rules.chain import Chain, Head, Link

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
WRITERS = ("gateway", "facebook", "console")
TABLES = ("audit_logs", "audit_chain", "audit_head")
LINE = """
INSERT INTO audit_logs (user_id, action, entity, entity_id, old_values, new_values, ip, user_agent)
VALUES (gen_random_uuid(), $1, 'client', $2, '{"n": 0.10, "ü": ["\\u2028", null]}', NULL, '10.0.0.1', 'a:b')
"""
NOTHING = "decode(repeat('00', 32), 'hex')"


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[Connection]:
    """The schema's owner."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


async def write(connection: Any, action: str, entity_id: str | None = None) -> None:
    await connection.execute(LINE, action, entity_id)


async def followed(database: Database) -> Chain:
    """The chain as the command line follows it, with its role. Raises Wrong where it does not fit."""
    engine = create_async_engine(database.url_of("console").replace("postgresql:", "postgresql+asyncpg:"))
    try:
        async with engine.connect() as connection:
            return await _followed(connection)
    finally:
        await engine.dispose()


async def _followed(connection: AsyncConnection) -> Chain:
    chain = Chain()
    async for page in store.audit_links(connection, size=7):
        for row in page:
            link = dict(row)
            chain.follow(Link(**{**link, "previous": bytes(row["previous"]), "hash": bytes(row["hash"])}))
    head, stray = await store.audit_head(connection), await store.audit_stray(connection)
    chain.end(Head(head["lines"], bytes(head["hash"])) if head else None, str(stray["id"]) if stray else None)
    return chain


async def test_every_writer_is_chained_and_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    async def some(service: str, number: int) -> None:
        connection = await asyncpg.connect(database.url_of(service))
        try:
            for turn in range(6):
                transaction = connection.transaction()
                await transaction.start()
                await write(connection, f"{service}.{number}", str(turn))
                await write(connection, "second of the same", None)
                await (transaction.rollback() if turn % 3 == 2 else transaction.commit())
        finally:
            await connection.close()

    await asyncio.gather(*(some(service, number) for service in WRITERS for number in range(5)))
    assert (await followed(database)).lines == len(WRITERS) * 5 * 4 * 2


async def test_lines_are_in_the_order_of_the_commits_not_of_the_ids(
    database: Database, owner: Connection
) -> None:
    """Who has written and not committed yet holds up nobody."""
    first, second = [await asyncpg.connect(database.url_of("gateway")) for _ in range(2)]
    slow = first.transaction()
    await slow.start()
    await write(first, "slow")
    async with asyncio.timeout(5):
        await write(second, "quick")
    await slow.commit()
    rows = await owner.fetch(
        "SELECT a.action, a.id FROM audit_chain c JOIN audit_logs a ON a.id = c.audit_id ORDER BY c.position"
    )
    assert [row["action"] for row in rows] == ["quick", "slow"]
    assert rows[0]["id"] > rows[1]["id"]
    assert (await followed(database)).lines == 2
    await asyncio.gather(first.close(), second.close())


async def test_a_savepoint_that_is_rolled_back_takes_its_line_with_it(
    database: Database, owner: Connection
) -> None:
    async with owner.transaction():
        await write(owner, "stays")
        savepoint = owner.transaction()
        await savepoint.start()
        await write(owner, "goes")
        await savepoint.rollback()
    assert (await followed(database)).lines == await owner.fetchval("SELECT count(*) FROM audit_logs") == 1


async def test_an_old_snapshot_is_refused_and_never_forks_the_chain(
    database: Database, owner: Connection
) -> None:
    await write(owner, "before")
    late = await asyncpg.connect(database.url_of("gateway"))
    transaction = late.transaction(isolation="repeatable_read")
    await transaction.start()
    await late.fetchval("SELECT count(*) FROM audit_logs")
    await write(owner, "meanwhile")
    await write(late, "late")
    with pytest.raises(asyncpg.SerializationError):
        await transaction.commit()
    await late.close()
    assert (await followed(database)).lines == 2


async def test_no_setting_of_a_session_changes_a_hash(database: Database) -> None:
    settings = {"TimeZone": "Asia/Kathmandu", "DateStyle": "German", "bytea_output": "escape"}
    odd = await asyncpg.connect(
        database.url_of("facebook"), server_settings={**settings, "extra_float_digits": "-5"}
    )
    await write(odd, "odd")
    await odd.close()
    assert (await followed(database)).lines == 1


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.service)
async def test_no_role_can_change_anything(database: Database, owner: Connection, role: Role) -> None:
    """From the catalog, and by trying."""
    for table in TABLES:
        for right in ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "INSERT"):
            may = await owner.fetchval("SELECT has_table_privilege($1, $2, $3)", role.name, table, right)
            assert may == (right == "INSERT" and table == "audit_logs" and role.service in WRITERS), (
                table,
                right,
            )
        assert not await owner.fetchval(
            "SELECT has_any_column_privilege($1, $2, 'UPDATE')", role.name, table
        ), table
    await write(owner, "there")
    connection = await asyncpg.connect(database.url_of(role.service))
    attempts = [
        *(f"DELETE FROM {table}" for table in TABLES),
        *(f"TRUNCATE {table}" for table in TABLES),
        "UPDATE audit_logs SET action = 'x'",
        "UPDATE audit_chain SET hash = previous",
        "UPDATE audit_head SET lines = 0",
        f"INSERT INTO audit_chain VALUES (9, 9, {NOTHING}, {NOTHING})",
        "INSERT INTO audit_head (lines, hash) VALUES (9, '')",
        "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_logs_chained ON audit_logs",
        "SET session_replication_role = replica",
        "SELECT audit_content(a) FROM audit_logs a",
    ]
    for attempt in attempts:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    await connection.close()
    assert (await followed(database)).lines == 1


async def test_the_chain_is_append_only_for_the_owner_too(database: Database, owner: Connection) -> None:
    await write(owner, "there")
    for statement in (
        "UPDATE audit_chain SET hash = previous",
        "DELETE FROM audit_chain",
        "TRUNCATE audit_chain",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="is append-only"):
            await owner.execute(statement)


async def test_lines_from_before_are_chained_by_the_migration(database: Database, owner: Connection) -> None:
    await migrate.downgrade(database.owner_url, v0010_audit_chain.down_revision)
    for number in range(20):
        await write(owner, f"old {number}", str(number))
    await migrate.upgrade(database.owner_url)
    await migrate.grant(database.owner_url)
    assert (await followed(database)).lines == 20
    await write(owner, "new")
    assert (await followed(database)).lines == 21
    await migrate.downgrade(database.owner_url, v0010_audit_chain.down_revision)
    assert await owner.fetchval("SELECT count(*) FROM audit_logs") == 21
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="audit_logs is append-only"):
        await owner.execute("DELETE FROM audit_logs")
    await migrate.upgrade(database.owner_url)
    await migrate.grant(database.owner_url)
    assert (await followed(database)).lines == 21
