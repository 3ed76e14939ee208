"""What the catalog proves about the schema: keys, grants, row-level security, migrations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from contracts.ownership import RIGHTS, ROLES, Role
from libs.db import migrate
from libs.testing.databases import Database

NOT_OF_A_CLIENT = {"notifications"}
"""Has a client_id that may be null: some notifications are of no client."""
GLOBAL_KEYS = {"clients", "vibe_credentials"}
"""``clients`` is where the keys come from; an advertiser id must be of one client only."""
ALL_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

OWNED = (
    "SELECT c.oid, c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND a.attname = 'client_id' AND NOT a.attisdropped"
)


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The schema's owner."""
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("SELECT ensure_month(current_date)")
    yield connection
    await connection.close()


async def test_client_comes_first_in_every_key_of_a_client_owned_table(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    keys = await owner.fetch(
        f"SELECT t.relname, i.indexrelid::regclass::text AS name, a.attname AS first FROM ({OWNED}) t "
        "JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique "
        "LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
    )
    wrong = [
        (key["relname"], key["name"])
        for key in keys
        if key["first"] != "client_id"
        and key["relname"] not in NOT_OF_A_CLIENT | GLOBAL_KEYS
        and not key["name"].startswith("source_settings_one_")
    ]
    assert len(keys) > 30
    assert wrong == []


async def test_client_comes_first_in_every_foreign_key_between_client_owned_tables(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    keys = await owner.fetch(
        f"SELECT t.relname, k.conname, a.attname AS first, r.relname AS other FROM ({OWNED}) t "
        "JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' "
        "JOIN pg_class r ON r.oid = k.confrelid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]"
    )
    assert len(keys) > 15
    assert [key for key in keys if key["first"] != "client_id"] == []


async def test_row_level_security_is_forced_on_every_client_owned_table(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    loose = await owner.fetch(
        f"SELECT t.relname FROM ({OWNED} UNION "
        "SELECT oid, relname FROM pg_class WHERE relname = 'clients') t "
        "JOIN pg_class c ON c.oid = t.oid WHERE NOT c.relispartition "
        "AND NOT (c.relrowsecurity AND c.relforcerowsecurity "
        "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
    )
    assert loose == []


async def test_views_run_with_the_rights_of_who_asks(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    views = await owner.fetch(
        "SELECT relname, reloptions FROM pg_class "
        "WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
    )
    assert {view["relname"] for view in views} == {"daily_metrics_flat"}
    assert all("security_invoker=true" in (view["reloptions"] or []) for view in views)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.service)
async def test_a_role_can_do_what_it_owns_and_no_more(
    owner: asyncpg.Connection[asyncpg.Record], role: Role
) -> None:
    tables = [
        row["relname"]
        for row in await owner.fetch(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') "
            "AND relnamespace = 'public'::regnamespace"
        )
    ]
    assert any(name.startswith("daily_metrics_2") for name in tables), "a partition is among them"
    for table in tables:
        expected = {RIGHTS[letter] for letter in role.tables.get(table, "")}
        found = {
            right
            for right in ALL_RIGHTS
            if await owner.fetchval("SELECT has_table_privilege($1, $2, $3)", role.name, table, right)
        }
        assert found == expected, f"{role.name} on {table}"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.service)
async def test_a_role_is_nothing_special(owner: asyncpg.Connection[asyncpg.Record], role: Role) -> None:
    found = await owner.fetchrow(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = $1",
        role.name,
    )
    assert found is not None
    assert tuple(found) == (False, False, False, role.all_clients)
    may = await owner.fetchval(
        "SELECT has_function_privilege($1, 'ensure_month(date)', 'EXECUTE')", role.name
    )
    assert may == ("ensure_month(date)" in role.functions)
    assert not await owner.fetchval("SELECT has_schema_privilege($1, 'public', 'CREATE')", role.name)


async def test_only_roles_of_the_pipeline_see_all_clients() -> None:
    assert {role.service for role in ROLES if not role.all_clients} >= {"gateway"}


async def test_the_migration_goes_up_down_and_up(database: Database) -> None:
    await migrate.downgrade(database.owner_url)
    connection = await asyncpg.connect(database.owner_url)
    left = await connection.fetch(
        "SELECT relname FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
    )
    functions = await connection.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    await connection.close()
    assert {row["relname"] for row in left} <= {"alembic_version"}
    assert functions == []
    await migrate.upgrade(database.owner_url)
    await migrate.grant(database.owner_url)


async def test_partitions_are_made_on_demand_and_only_for_months_that_are_kept(database: Database) -> None:
    loader = await asyncpg.connect(database.url_of("loader"))
    today = datetime.now(UTC).date()
    try:
        assert await loader.fetchval("SELECT ensure_month($1)", today) is True
        assert await loader.fetchval("SELECT ensure_month($1)", today) is False
        for outside in (today - timedelta(days=40 * 31), today + timedelta(days=70)):
            with pytest.raises(asyncpg.CheckViolationError, match="37 months"):
                await loader.execute("SELECT ensure_month($1)", outside)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await loader.fetch(f"SELECT * FROM daily_metrics_{today:%Y%m}")
    finally:
        await loader.close()


async def test_audit_logs_are_append_only_for_the_owner_too(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    await owner.execute("INSERT INTO audit_logs (action, entity) VALUES ('a', 'b')")
    for statement in ("UPDATE audit_logs SET action = 'c'", "DELETE FROM audit_logs", "TRUNCATE audit_logs"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(statement)


async def test_times_are_kept_by_the_database(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    await owner.execute("INSERT INTO clients (name, updated_at) VALUES ('c', '2020-01-01')")
    await owner.execute("UPDATE clients SET name = 'd', updated_at = '2020-01-01'")
    assert await owner.fetchval("SELECT updated_at > now() - interval '1 minute' FROM clients")


async def test_a_rate_has_the_clients_currency(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    client = await owner.fetchval("INSERT INTO clients (name, currency) VALUES ('c', 'EUR') RETURNING id")
    rate = "INSERT INTO client_settings (client_id, cpm, currency) VALUES ($1, 5, $2)"
    await owner.execute(rate, client, "EUR")
    with pytest.raises(asyncpg.CheckViolationError, match="currency"):
        await owner.execute(rate, client, "USD")
