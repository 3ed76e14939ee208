"""Beyond tables: functions, partitions, schemas. What is not named in contracts.ownership is not granted."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from contracts.ownership import ROLES, Role
from libs.db import migrate
from libs.testing.databases import Database

HARMLESS = {"visible_clients()", "sees_all_clients()"}
"""What the policies ask: they read settings of the transaction, nothing else."""


async def fetch(database: Database, query: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.service)
async def test_a_role_executes_its_functions_and_no_others(database: Database, role: Role) -> None:
    """Trigger functions are left out: nobody can call them."""
    found = await fetch(
        database,
        "SELECT p.oid::regprocedure::text AS name FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype "
        "AND has_function_privilege($1, p.oid, 'EXECUTE')",
        role.name,
    )
    assert {row["name"] for row in found} == HARMLESS | set(role.functions)


async def test_what_runs_with_the_owners_rights_is_for_those_who_are_named(database: Database) -> None:
    named = {name for role in ROLES for name in role.functions}
    functions = await fetch(
        database,
        "SELECT oid::regprocedure::text AS name, proconfig, proacl::text AS acl, prosecdef FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND (prosecdef OR oid::regprocedure::text = ANY($1))",
        named,
    )
    definers = {row["name"] for row in functions if row["prosecdef"]}
    with_own_rights = {name for name in named if name.startswith("stage_batch(")}
    assert definers == named - with_own_rights | {"chain_audit_line()"}, "and one trigger's"
    for row in functions:
        assert "search_path=public, pg_temp" in row["proconfig"], row["name"]
        assert "{=X" not in row["acl"], f"everybody may execute {row['name']}"
        assert ",=X" not in row["acl"], f"everybody may execute {row['name']}"


async def test_nobody_has_a_right_on_a_partition(database: Database) -> None:
    months = (
        "SELECT ensure_month((current_date - make_interval(months => n))::date) FROM generate_series(0, 3) n"
    )
    await fetch(database, months)
    rights = await fetch(
        database,
        "SELECT c.relname, r.rolname FROM pg_class c, pg_roles r WHERE c.relispartition "
        "AND c.relkind = 'r' AND r.rolname LIKE 'tidemark\\_%' "
        "AND has_table_privilege(r.oid, c.oid, "
        "'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')",
    )
    partitions = await fetch(database, "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
    assert len(partitions) == 4
    assert rights == []


async def test_nobody_may_make_things_in_a_schema_and_strangers_may_not_even_look(database: Database) -> None:
    may = await fetch(
        database,
        "SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n "
        "WHERE r.rolname LIKE 'tidemark\\_%' AND n.nspname NOT LIKE 'pg\\_%' "
        "AND has_schema_privilege(r.oid, n.oid, 'CREATE')",
    )
    assert may == []
    everybody = await fetch(database, "SELECT nspacl::text AS acl FROM pg_namespace WHERE nspname = 'public'")
    assert "{=" not in everybody[0]["acl"]
    assert ",=" not in everybody[0]["acl"]


async def test_no_column_has_rights_of_its_own_and_no_role_is_member_of_another(database: Database) -> None:
    columns = await fetch(
        database,
        "SELECT attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL",
    )
    members = await fetch(
        database,
        "SELECT m.rolname FROM pg_auth_members g JOIN pg_roles m ON m.oid = g.member "
        "WHERE m.rolname LIKE 'tidemark\\_%'",
    )
    assert columns == []
    assert members == []


async def test_a_right_that_is_no_longer_owned_is_taken_away(database: Database) -> None:
    role = next(role for role in ROLES if role.service == "notifier")
    await fetch(database, f"GRANT ALL ON users TO {role.name}")
    await fetch(database, f"GRANT EXECUTE ON FUNCTION ensure_month(date) TO {role.name}")
    await migrate.grant(database.owner_url)
    left = await fetch(
        database,
        "SELECT has_table_privilege($1, 'users', 'SELECT') OR "
        "has_function_privilege($1, 'ensure_month(date)', 'EXECUTE') AS any",
        role.name,
    )
    assert [tuple(row) for row in left] == [(False,)]


async def test_rights_hold_when_a_service_really_connects(database: Database) -> None:
    """The catalog says so, and so does the server."""
    attempts = {
        "notifier": ("SELECT * FROM users", "DELETE FROM notifications", "SELECT * FROM staging_media_raw"),
        "aggregator": ("UPDATE daily_metrics SET clicks = 0", "INSERT INTO clients (name) VALUES ('x')"),
        "gateway": ("SELECT * FROM staging_media_raw", "DELETE FROM audit_logs", "DELETE FROM users"),
        "surfside": ("SELECT * FROM vibe_credentials", "SELECT ensure_month(current_date)"),
        "loader": ("SELECT password_hash FROM users", "CREATE TABLE mine ()", "SET ROLE tidemark_gateway"),
    }
    for service, statements in attempts.items():
        connection = await asyncpg.connect(database.url_of(service))
        try:
            for statement in statements:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()


async def test_roles_and_grants_can_be_made_by_several_at_once(database: Database) -> None:
    """Roles are of the whole server: databases of parallel tests and pods that start together race."""
    passwords = {role.service: "tests-only" for role in ROLES}
    await asyncio.gather(*(migrate.make_roles(database.owner_url, passwords) for _ in range(4)))
    await asyncio.gather(*(migrate.grant(database.owner_url) for _ in range(4)))
    tables = await fetch(
        database,
        "SELECT count(*) FROM unnest($1::text[]) t WHERE has_table_privilege('tidemark_loader', t, 'SELECT')",
        [table for role in ROLES if role.service == "loader" for table in role.tables],
    )
    assert tables[0][0] > 10
