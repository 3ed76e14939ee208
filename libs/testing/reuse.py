"""Databases that one test uses after the other: emptied in between, and dropped where that would not do.

A copy of the template is five hundred files. Making and dropping them takes six times as long as emptying the
few tables that a test has written to. A database is only used again when nothing tells it from a new copy.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar
from uuid import uuid4

import asyncpg

from libs.testing.databases import Database, drop_database, fresh_database

LARGEST = 16 * 2**20
"""Bytes of tables and indexes; emptying more takes longer than a new copy."""
_PATIENCE = 0.3
"""Seconds for connections that were closed just now to be gone."""

# Whatever a test could do to the schema, rights, policies, settings and statistics; an object of our own
# has a number of 16384 or more.
_SHAPE = """
WITH lines (line) AS (
    SELECT (to_jsonb(c) - 'relhassubclass')::text FROM pg_class c WHERE oid >= 16384
    UNION ALL SELECT a::text FROM pg_attribute a WHERE attrelid >= 16384
    UNION ALL SELECT d::text FROM pg_attrdef d
    UNION ALL SELECT c::text FROM pg_constraint c WHERE oid >= 16384
    UNION ALL SELECT i::text FROM pg_index i WHERE indexrelid >= 16384
    UNION ALL SELECT p::text FROM pg_policy p
    UNION ALL SELECT p::text FROM pg_proc p WHERE oid >= 16384
    UNION ALL SELECT r::text FROM pg_rewrite r WHERE oid >= 16384
    UNION ALL SELECT s::text FROM pg_sequence s
    UNION ALL SELECT t::text FROM pg_trigger t
    UNION ALL SELECT t::text FROM pg_type t WHERE oid >= 16384
    UNION ALL SELECT n::text FROM pg_namespace n
    UNION ALL SELECT a::text FROM pg_default_acl a
    UNION ALL SELECT e::text FROM pg_statistic_ext e
    UNION ALL SELECT s.setrole || array_to_string(s.setconfig, ',') FROM pg_db_role_setting s
        JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()
    UNION ALL SELECT 'analyzed' FROM pg_statistic WHERE starelid >= 16384
)
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM lines
"""
_PARTITIONS = "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'"
_WRITTEN = (
    "SELECT oid::regclass::text FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
)
_CONTENTS = "SELECT md5(string_agg(found::text, chr(10) ORDER BY found::text)) FROM {table} found"
_SIZE = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE oid >= 16384"
_RESTART = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
    "FROM pg_sequences WHERE last_value IS NOT NULL"
)
_CONNECTED = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend')"
)


Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _State:
    """What a database looks like beside the rows that tests write."""

    shape: str
    partitions: frozenset[str]
    seeded: dict[str, str]
    """The contents, as a digest, of the tables that have rows in the template."""


@dataclass
class Databases:
    """Those of one worker. ``prefix``: how their names begin."""

    server_url: str
    prefix: str
    _free: list[Database] = field(default_factory=list)
    _new: _State | None = None

    async def take(self) -> Database:
        """A database that is as the template, until it is given back."""
        if self._free:
            return self._free.pop()
        made = await fresh_database(self.server_url, f"{self.prefix}_{uuid4().hex[:6]}")
        if self._new is None:
            self._new = await _asked(made, _state)
        return made

    async def give_back(self, database: Database) -> None:
        """Empty it for the next one; drop it where more than rows has changed."""
        if await _asked(database, self._renewed):
            self._free.append(database)
        else:
            await drop_database(database)

    async def close(self) -> None:
        """Drop what is left."""
        while self._free:
            await drop_database(self._free.pop())

    async def _renewed(self, connection: Connection) -> bool:
        """Empty it; whether it is as new now."""
        if await _is_in_use(connection) or await connection.fetchval(_SIZE) > LARGEST:
            return False
        return self._new is not None and await _emptied(connection, self._new) == self._new


async def _asked(database: Database, question: Callable[[Connection], Awaitable[Answer]]) -> Answer:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return await question(connection)
    finally:
        await connection.close()


async def _state(connection: Connection, seeded: Iterable[str] | None = None) -> _State:
    """``seeded``: the tables whose rows are the template's; without it, those that have some now."""
    tables = await _column(connection, _WRITTEN) if seeded is None else seeded
    contents = {table: await connection.fetchval(_CONTENTS.format(table=table)) for table in tables}
    partitions = await _column(connection, _PARTITIONS)
    return _State(await connection.fetchval(_SHAPE), frozenset(partitions), contents)


async def _emptied(connection: Connection, new: _State) -> _State:
    """How it is afterwards. Without triggers: no rule about what may be deleted is meant for this."""
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        added = [table for table in await _column(connection, _PARTITIONS) if table not in new.partitions]
        if added:
            await connection.execute(f"DROP TABLE {', '.join(added)}")
        for table in await _column(connection, _WRITTEN):
            if table not in new.seeded:
                await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the catalog
        await connection.execute(_RESTART)
    return await _state(connection, new.seeded)


async def _is_in_use(connection: Connection) -> bool:
    """Whoever is connected still could write into the next test. Those just closed need a moment to go."""
    deadline = time.monotonic() + _PATIENCE
    while in_use := bool(await connection.fetchval(_CONNECTED)):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.01)
    return in_use


async def _column(connection: Connection, query: str) -> list[str]:
    return [str(row[0]) for row in await connection.fetch(query)]
