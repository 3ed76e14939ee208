"""Announcing what a transaction did: written with it, published after it, at least once.

Each service relays its own rows, so that with the broker away requests that only write succeed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from contracts.envelope import Message
from contracts.topology import MESSAGES, PUBLISHES, queues_of_key
from libs.bus.bus import Bus
from libs.bus.compression import MAX_BODY_BYTES
from libs.bus.decode import encode
from libs.bus.ending import stop_first
from libs.bus.errors import BusUnavailable, Full, Unroutable
from libs.bus.waiting import Waiting
from libs.db.engine import driver, transaction
from libs.db.errors import translated
from libs.errors import Terminal, TidemarkError
from libs.failpoints import failpoint
from libs.observability import current_correlation_id, tracing

log = structlog.get_logger()

Announced = Row[tuple[int, str, bytes, str, str, int]]
Page = Sequence[Announced]

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
    """Announce a message in the caller's transaction; ``delay_seconds``: not before then (a rung, one hour
    at most). Raises Terminal for what could not be published later."""
    body = _checked(service, key, message)
    await connection.execute(
        text(
            "INSERT INTO outbox (service, routing_key, body, correlation_id, traceparent, delay_seconds) "
            "VALUES (:service, :key, :body, :correlation_id, :traceparent, :delay)"
        ),
        {
            "service": service,
            "key": key,
            "body": body,
            "correlation_id": correlation_id or current_correlation_id(),
            "traceparent": tracing.traceparent(),
            "delay": delay_seconds,
        },
    )


def _checked(service: str, key: str, message: Message) -> bytes:
    if key not in PUBLISHES[service]:
        raise Terminal(f"{service} does not publish {key} (contracts.topology.PUBLISHES)")
    if not isinstance(message, MESSAGES[key]):
        raise Terminal(f"{key} carries a {MESSAGES[key].__name__}, not a {type(message).__name__}")
    body = encode(message)
    if len(body) > MAX_BODY_BYTES:
        raise Terminal(f"a body of {len(body):,} bytes is too large for {key}: at most {MAX_BODY_BYTES:,}")
    return body


class Relay:
    """Publishes a service's outbox: rows of a key in order as long as one relay runs; several share the work.

    A row that cannot be published now does not hold up others: rows of its key wait while a queue is full
    or missing, the row alone waits when RabbitMQ does not take it. Nothing is ever thrown away.
    """

    def __init__(self, engine: AsyncEngine, bus: Bus, service: str) -> None:
        self._engine = engine
        self._bus = bus
        self._service = service
        self._wake = asyncio.Event()
        self._keys: Waiting[str] = Waiting()
        self._rows: Waiting[int] = Waiting()

    async def run(self) -> None:
        """Relay until cancelled; whatever is away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._drain())

    async def relay_once(self) -> int:
        """Publish one page of rows and delete them; returns how many.

        Raises BusUnavailable when RabbitMQ is away. What was published until then is deleted all the same,
        or it would be published again each time.
        """
        async with transaction(self._engine) as connection:
            page = await self._page(connection)
            published, trouble = await self._publish_all(page)
            if published:
                failpoint(f"{self._service}.after_publish")
                await connection.execute(text("DELETE FROM outbox WHERE id = ANY(:ids)"), {"ids": published})
        if trouble is not None:
            raise trouble
        return len(published)

    async def _page(self, connection: AsyncConnection) -> Page:
        found = await connection.execute(
            text(
                "SELECT id, routing_key, body, correlation_id, traceparent, delay_seconds FROM outbox "
                "WHERE service = :service AND routing_key <> ALL(:keys) AND id <> ALL(:ids) "
                "ORDER BY id LIMIT :page FOR UPDATE SKIP LOCKED"
            ),
            {"service": self._service, "page": PAGE, "keys": self._keys.now(), "ids": self._rows.now()},
        )
        return found.all()

    async def _publish_all(self, page: Page) -> tuple[list[int], BaseException | None]:
        """Ids of what was published, and what ended it early: the bus is away, or the word to stop."""
        published: list[int] = []
        held: set[str] = set()
        for row in page:
            if row.routing_key in held:
                continue
            try:
                if await self._is_published(row):
                    published.append(row.id)
                elif row.routing_key in self._keys.now():
                    held.add(row.routing_key)
            except (BusUnavailable, asyncio.CancelledError) as error:
                return published, error
        return published, None

    async def _is_published(self, row: Announced) -> bool:
        try:
            await self._publish(row)
        except (Full, Unroutable) as error:
            pause = self._keys.add(row.routing_key)
            log.error("outbox: a key waits", key=row.routing_key, seconds=pause, error=str(error))
            return False
        except Terminal as error:
            pause = self._rows.add(row.id)
            log.error("outbox: a row waits", id=row.id, seconds=pause, error=str(error))
            return False
        self._keys.remove(row.routing_key)
        self._rows.remove(row.id)
        return True

    async def _publish(self, row: Announced) -> None:
        told = {"correlation_id": row.correlation_id or uuid4().hex, "traceparent": row.traceparent}
        if row.delay_seconds is None:
            await self._bus.publish_bytes(row.routing_key, row.body, **told)
            return
        for queue in queues_of_key(row.routing_key):
            await self._bus.publish_later(queue.name, row.body, seconds=row.delay_seconds, **told)

    async def _drain(self) -> None:
        async for attempt in _for_ever():
            with attempt, stop_first(), translated():
                while True:
                    self._wake.clear()
                    if await self.relay_once() < PAGE:
                        await self._woken()

    async def _woken(self) -> None:
        # Not wait_for: Python 3.11's forgets the word to stop where it comes together with what is awaited.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()

    async def _listen(self) -> None:
        async for attempt in _for_ever():
            with attempt, stop_first(), translated():
                await self._listen_until_lost()

    async def _listen_until_lost(self) -> None:
        lost = asyncio.Event()

        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            await connection.commit()
            raw = await driver(connection)
            raw.add_termination_listener(lambda _: lost.set())
            await raw.add_listener(f"outbox_{self._service}", lambda *_: self._wake.set())
            self._wake.set()
            await lost.wait()
        raise asyncpg.ConnectionDoesNotExistError("the listening connection was lost")


def _for_ever() -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(TidemarkError),
        wait=wait_exponential_jitter(multiplier=0.1, max=2),
        before_sleep=_say,
    )


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome is not None else None
    log.warning("outbox waits", error=str(error))
