"""Engines and transactions.

The first statement of every transaction goes through SQLAlchemy: COPY on the driver's connection
before that would autocommit. ``transaction`` and ``tenant`` see to it with ``set_config``.
"""

from __future__ import annotations

import select
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import asyncpg
import structlog
from sqlalchemy import AdaptedConnection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from libs.observability import tracing
from libs.settings import DatabaseSettings

NO_TENANT = "TM001"
"""Of the function that the policies ask (0001_view_and_policies.sql)."""

ASKED_AFTER_SECONDS = 1.0
"""A connection that lay for longer is asked whether it is alive before it is used."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Patience:
    """How many seconds a statement may take, and how many of them it may wait for a lock; 0: for ever."""

    statement: float
    lock: float

    def as_settings(self) -> dict[str, str]:
        """As PostgreSQL takes them, in milliseconds."""
        return {
            "statement_timeout": str(int(self.statement * 1000)),
            "lock_timeout": str(int(self.lock * 1000)),
        }


def make_engine(
    settings: DatabaseSettings, service: str, *, sees_all: bool = False, patience: Patience | None = None
) -> AsyncEngine:
    """An engine of a service's own role; nothing connects before it is used.

    ``sees_all``: for the worker of a service whose role row-level security holds for (it serves users, too):
    sessions of this engine, and of no other, see all clients. ``patience``: where people wait for the answer.
    What PostgreSQL warns of is logged; that no tenant was set where one is needed, as an error.
    """
    session = {"application_name": service, "timezone": "UTC"}
    if sees_all:
        session["tidemark.role"] = "admin"
    if patience:
        session |= patience.as_settings()
    options = {"server_settings": session, "timeout": 10}
    engine = create_async_engine(
        settings.async_url,
        async_creator=lambda: connect(settings.plain_url, **options),
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_pool_overflow,
        pool_recycle=3600,
        pool_timeout=10,
        hide_parameters=True,  # in texts of errors, which are logged
    )
    tracing.watch(engine.sync_engine)
    _look_after(engine.sync_engine)

    def listen(connection: AdaptedConnection, _: object) -> None:
        raw = cast("asyncpg.Connection[asyncpg.Record]", connection.driver_connection)
        raw.add_log_listener(lambda _, message: _tell(service, message.as_dict()))

    event.listen(engine.sync_engine, "connect", listen)
    return engine


def _look_after(engine: Engine) -> None:
    """A connection that was lost meanwhile is not given out, but for one that goes down in this very moment:
    whoever gets that tries again (DatabaseBusy).

    The pool's own look (pool_pre_ping) is three round trips for each transaction, as many as a small one has.
    """

    def given_back(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        raw = cast("AdaptedConnection", connection).driver_connection
        if raw.is_closed():
            raise DisconnectionError("the server closed the connection")
        used = record.info.get("used")  # a new one has none
        lay = used is not None and time.monotonic() - used > ASKED_AFTER_SECONDS
        if lay or _has_something_to_say(raw):
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError("the connection does not answer") from error

    event.listen(engine, "checkin", given_back)
    event.listen(engine, "checkout", taken)


def _has_something_to_say(raw: asyncpg.Connection[asyncpg.Record]) -> bool:
    """Whether bytes wait in the socket of a connection that nobody uses: often, that it is being closed."""
    looked = select.poll()
    socket = raw._transport.get_extra_info("socket")  # type: ignore[attr-defined] # there is no other way to it
    looked.register(socket, select.POLLIN)
    return bool(looked.poll(0))


async def connect(url: str, **options: Any) -> asyncpg.Connection[asyncpg.Record]:
    """A connection of the driver's own.

    The driver reads the address, and so understands what libpq does (``sslmode``, ``sslrootcert`` …);
    SQLAlchemy would hand these on as arguments that the driver does not have.
    """
    return await asyncpg.connect(url, **options)


def _tell(service: str, message: Mapping[str, str]) -> None:
    if message.get("severity_en") != "WARNING":
        return
    tell = log.error if message.get("sqlstate") == NO_TENANT else log.warning
    tell(message.get("message", ""), service=service, detail=message.get("detail", "")[:1000])


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, *, lock_timeout_ms: int = 10_000
) -> AsyncIterator[AsyncConnection]:
    """One transaction, READ COMMITTED, committed at the end of the block."""
    async with undecided(engine, lock_timeout_ms=lock_timeout_ms) as connection:
        yield connection
        await connection.commit()


@asynccontextmanager
async def undecided(engine: AsyncEngine, *, lock_timeout_ms: int = 10_000) -> AsyncIterator[AsyncConnection]:
    """As ``transaction``, but rolled back at the end of the block unless it was committed in it."""
    async with engine.connect() as connection:
        await connection.execute(
            text("SELECT set_config('lock_timeout', :lock, true)"), {"lock": f"{lock_timeout_ms}ms"}
        )
        yield connection


@asynccontextmanager
async def at_once(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The driver's connection outside of any transaction: each statement is one, committed by itself."""
    async with engine.connect() as connection:
        yield await driver(connection)


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A read-only transaction whose statements all see one state (REPEATABLE READ): that of its first.

    Take what locks are needed on another connection before: here they would come after the first look.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with connection.begin():
            await connection.execute(text("SELECT 1"))
            yield connection


@asynccontextmanager
async def tenant(
    engine: AsyncEngine, *, role: str, client_ids: Collection[int], user_id: str = ""
) -> AsyncIterator[AsyncConnection]:
    """A transaction that sees these clients only (``role="admin"``: all of them).

    The settings are the transaction's own: nothing of them reaches the pool's next user.
    """
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "SELECT set_config('tidemark.role', :role, true), "
                "set_config('tidemark.clients', :clients, true), set_config('tidemark.user', :user, true)"
            ),
            {"role": role, "clients": "{" + ",".join(map(str, client_ids)) + "}", "user": user_id},
        )
        yield connection


async def driver(connection: AsyncConnection) -> asyncpg.Connection[asyncpg.Record]:
    """asyncpg's connection, for COPY and LISTEN, inside the transaction that is under way."""
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection[asyncpg.Record]", raw.driver_connection)
