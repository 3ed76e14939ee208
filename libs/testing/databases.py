"""Databases for tests: one migrated template per server, copied in a fraction of a second."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from contracts import ownership
from contracts.ownership import ROLES
from libs.db import migrate

ROLE_PASSWORD = "tests-only"  # noqa: S105 - of private servers that live as long as the tests
_TEMPLATE_LOCK = 7_346_002
_SCHEMA = Path(migrate.__file__).with_name("migrations")


@dataclass(frozen=True)
class Database:
    """A migrated database with roles and grants."""

    owner_url: str

    def url_of(self, service: str) -> str:
        """The address with the role of a service."""
        return migrate.url_of(service, self.owner_url, ROLE_PASSWORD)


async def fresh_database(server_url: str, name: str) -> Database:
    """A new database of that name (an old one is dropped), copied from the migrated template."""
    template = await _template(server_url)
    base = server_url.rpartition("/")[0]
    connection = await asyncpg.connect(f"{base}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute("SELECT pg_advisory_lock($1)", _TEMPLATE_LOCK)
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()
    return Database(f"{base}/{name}")


async def recreate_database(server_url: str, name: str) -> str:
    """An empty database of that name (an old one is dropped); returns the owner's address of it."""
    base = server_url.rpartition("/")[0]
    connection = await asyncpg.connect(f"{base}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"{base}/{name}"


async def kept_database(server_url: str, name: str) -> str:
    """A database of that name, made where there is none; returns the owner's address of it."""
    base = server_url.rpartition("/")[0]
    connection = await asyncpg.connect(f"{base}/postgres")
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"{base}/{name}"


async def drop_database(database: Database) -> None:
    """Drop it, whoever is connected."""
    base, _, name = database.owner_url.rpartition("/")
    connection = await asyncpg.connect(f"{base}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


async def _template(server_url: str) -> str:
    """The name of the template of this schema; made by whoever comes first."""
    base = server_url.rpartition("/")[0]
    name = f"tidemark_template_{_schema_digest()}"
    connection = await asyncpg.connect(f"{base}/postgres")
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _TEMPLATE_LOCK)
        made = "SELECT true FROM pg_database WHERE datname = $1 AND NOT datallowconn"
        if not await connection.fetchval(made, name):
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE {name}")
            await migrate.upgrade(f"{base}/{name}")
            await migrate.make_roles(f"{base}/{name}", {role.service: ROLE_PASSWORD for role in ROLES})
            await migrate.grant(f"{base}/{name}")
            await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    finally:
        await connection.close()
    return name


def _schema_digest() -> str:
    digest = hashlib.sha256()
    files = [*sorted(_SCHEMA.rglob("*.sql")), *sorted(_SCHEMA.rglob("*.py"))]
    for path in [*files, Path(migrate.__file__), Path(ownership.__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
