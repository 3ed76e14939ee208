"""Announcing what a transaction did: written with it, published after it, at least once.

Each service relays its own rows, so that with the broker away requests that only write succeed.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential_jitter

from contracts.envelope import Message
from contracts.topology import MESSAGES, queues_of_key
from libs.bus.bus import Bus
from libs.bus.decode import encode
from libs.bus.errors import BusUnavailable
from libs.db.engine import driver, transaction
from libs.errors import Terminal
from libs.failpoints import failpoint
from libs.observability import current_correlation_id

log = structlog.get_logger()

PAGE = 100
POLL_SECONDS = 1.0
"""Notifications wake the relay at once; this is for those that were missed."""


async def put(
    connection: AsyncConnection,
    service: str,
    key: str,
    message: Message,
    *,
    correlation_id: str | None = None,
    delay_seconds: int | None = None,
) -> None:
    """Announce a message in the caller's transaction; ``delay_seconds``: not before then (nearest rung)."""
    if not isinstance(message, MESSAGES[key]):
        raise Terminal(f"{key} carries a {MESSAGES[key].__name__}, not a {type(message).__name__}")
    await connection.execute(
        text(
            "INSERT INTO outbox (service, routing_key, body, correlation_id, delay_seconds) "
            "VALUES (:service, :key, :body, :correlation_id, :delay)"
        ),
        {
            "service": service,
            "key": key,
            "body": encode(message),
            "correlation_id": correlation_id or current_correlation_id(),
            "delay": delay_seconds,
        },
    )


class Relay:
    """Publishes a service's outbox in order; several at once share the work."""

    def __init__(self, engine: AsyncEngine, bus: Bus, service: str) -> None:
        self._engine = engine
        self._bus = bus
        self._service = service
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Relay until cancelled; whatever is away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._drain())

    async def relay_once(self) -> int:
        """Publish one page of rows and delete them; returns how many. Raises BusUnavailable."""
        async with transaction(self._engine) as connection:
            rows = (
                await connection.execute(
                    text(
                        "SELECT id, routing_key, body, correlation_id, delay_seconds FROM outbox "
                        "WHERE service = :service ORDER BY id LIMIT :page FOR UPDATE SKIP LOCKED"
                    ),
                    {"service": self._service, "page": PAGE},
                )
            ).all()
            for row in rows:
                await self._publish(
                    row.routing_key, row.body, row.correlation_id or uuid4().hex, row.delay_seconds
                )
            if rows:
                failpoint(f"{self._service}.after_publish")
                await connection.execute(
                    text("DELETE FROM outbox WHERE id = ANY(:ids)"), {"ids": [row.id for row in rows]}
                )
        return len(rows)

    async def _publish(self, key: str, body: bytes, correlation_id: str, delay: int | None) -> None:
        if delay is None:
            await self._bus.publish_bytes(key, body, correlation_id=correlation_id)
            return
        for queue in queues_of_key(key):
            await self._bus.publish_later(queue.name, body, seconds=delay, correlation_id=correlation_id)

    async def _drain(self) -> None:
        while True:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type((BusUnavailable, DBAPIError, OSError)),
                wait=wait_exponential_jitter(multiplier=0.1, max=2),
                before_sleep=lambda state: log.warning("outbox waits", error=str(state.outcome)),
            ):
                with attempt:
                    self._wake.clear()
                    while await self.relay_once() == PAGE:
                        pass
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            except TimeoutError:
                continue

    async def _listen(self) -> None:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(
                (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
            ),
            wait=wait_exponential_jitter(multiplier=0.1, max=2),
        ):
            with attempt:
                await self._listen_until_lost()

    async def _listen_until_lost(self) -> None:
        lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def ended(_: object) -> None:
            if not lost.done():
                lost.set_exception(ConnectionResetError("the listening connection was lost"))

        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            await connection.commit()
            raw = await driver(connection)
            raw.add_termination_listener(ended)
            await raw.add_listener(f"outbox_{self._service}", lambda *_: self._wake.set())
            self._wake.set()
            await lost
