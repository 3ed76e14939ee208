"""docs/database_schema.sql: what the migrations make of an empty database, as pg_dump shows it."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from deploy.local import ensure, postgres
from deploy.local.errors import InfrastructureError
from libs.db import migrate

_NOISE = re.compile(r"(--|SET |\\restrict|\\unrestrict|SELECT pg_catalog\.set_config)")
_HEAD = """\
-- Generated from the migrations by `make generate`; `make check` compares. Do not edit.
-- Partitions of daily_metrics are made on demand by ensure_month(); grants follow contracts/ownership.py.

"""


def schema(root: Path) -> str:
    """The schema after all migrations, without owners, grants and whatever differs between machines."""
    infra = ensure(root, name="test", object_store=False)
    with _scratch_database(infra.database_url) as url:
        asyncio.run(migrate.upgrade(url))
        return _HEAD + normalised(_dump(url))


def normalised(dump: str) -> str:
    """The dump without comments, session settings and the random tokens of pg_dump; single blank lines."""
    kept = [line for line in dump.splitlines() if not _NOISE.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n"


def _dump(url: str) -> str:
    options = ["--schema-only", "--no-owner", "--no-privileges", "--exclude-table=alembic_version"]
    result = subprocess.run([_pg_dump(), *options, url], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise InfrastructureError(f"pg_dump failed: {result.stderr.strip()}")
    return result.stdout


def _pg_dump() -> str:
    folder = postgres.programs()
    beside_server = folder / "pg_dump" if folder else None
    if beside_server and beside_server.exists():
        return str(beside_server)
    in_path = shutil.which("pg_dump")
    if in_path is None:
        raise InfrastructureError("pg_dump is not installed: install postgresql-client, as new as the server")
    return in_path


@contextmanager
def _scratch_database(server_url: str) -> Iterator[str]:
    base, name = server_url.rpartition("/")[0], f"schema_{uuid4().hex[:12]}"
    asyncio.run(_execute(f"{base}/postgres", f"CREATE DATABASE {name} TEMPLATE template0"))
    try:
        yield f"{base}/{name}"
    finally:
        asyncio.run(_execute(f"{base}/postgres", f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
