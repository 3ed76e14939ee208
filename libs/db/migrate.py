"""Brings a database to the newest schema, and makes roles and grants from contracts.ownership."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from contracts.ownership import RIGHTS, ROLES, Role
from libs.db.engine import connect

OLDEST_SERVER = 150_000
_ONE_AT_A_TIME = 7_346_001  # advisory lock key: roles are cluster-wide, so databases take turns


async def upgrade(owner_url: str, revision: str = "head") -> None:
    """Migrate up to a revision. Raises RuntimeError on a server older than PostgreSQL 15."""
    await _alembic(owner_url, lambda config: command.upgrade(config, revision))


async def downgrade(owner_url: str, revision: str = "base") -> None:
    """Migrate down to a revision."""
    await _alembic(owner_url, lambda config: command.downgrade(config, revision))


async def _alembic(owner_url: str, run: Callable[[Config], None]) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: connect(owner_url), poolclass=NullPool
    )

    def migrate(connection: Connection) -> None:
        server = connection.dialect.server_version_info or (0,)
        if server < (OLDEST_SERVER // 10_000,):
            raise RuntimeError(f"PostgreSQL {server[0]} is too old: Tidemark needs 15 or newer")
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        run(config)

    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


async def make_roles(owner_url: str, passwords: Mapping[str, str]) -> None:
    """Create or update each service's role (cluster-wide) with its password. Keys: service names.

    Runs under a lock in the ``postgres`` database, because roles are shared by all databases.
    """
    connection = await asyncpg.connect(urlunsplit(urlsplit(owner_url)._replace(path="/postgres")))
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
            known = {r["rolname"] for r in await connection.fetch("SELECT rolname FROM pg_roles")}
            for role in ROLES:
                verb = "ALTER" if role.name in known else "CREATE"
                bypass = "BYPASSRLS" if role.all_clients else "NOBYPASSRLS"
                secret = await connection.fetchval("SELECT quote_literal($1::text)", passwords[role.service])
                await connection.execute(
                    f"{verb} ROLE {role.name} LOGIN {bypass} NOSUPERUSER NOCREATEDB NOCREATEROLE "
                    f"PASSWORD {secret}"
                )
    finally:
        await connection.close()


async def grant(owner_url: str) -> None:
    """Give each role what contracts.ownership says in this database, and no more."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
            await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for role in ROLES:
                for statement in grants_of(role):
                    await connection.execute(statement)
    finally:
        await connection.close()


def grants_of(role: Role) -> list[str]:
    """The statements that take everything from a role and give it what it owns."""
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role.name}",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {role.name}",
        f"GRANT USAGE ON SCHEMA public TO {role.name}",
        f"GRANT EXECUTE ON FUNCTION visible_clients(), sees_all_clients() TO {role.name}",
    ]
    for table, letters in role.tables.items():
        rights = ", ".join(RIGHTS[letter] for letter in letters)
        statements.append(f"GRANT {rights} ON {table} TO {role.name}")
    statements += [f"GRANT EXECUTE ON FUNCTION {name} TO {role.name}" for name in role.functions]
    return statements


def url_of(service: str, owner_url: str, password: str) -> str:
    """The address a service connects with: the owner's, with its own role and password."""
    address = urlsplit(owner_url)
    place = address.netloc.rpartition("@")[2]
    return urlunsplit(address._replace(netloc=f"tidemark_{service}:{quote(password, safe='')}@{place}"))
