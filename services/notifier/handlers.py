"""What the notifier hears, and what it keeps of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import RunFailed, RunLoaded
from contracts.notify.v1 import AlertRaised, DigestRequested, FileMissing
from contracts.summarise.v1 import SummariesUpdated
from libs.bus import Bus, Delivery
from libs.db.engine import transaction
from libs.db.errors import translated
from services.notifier import rules, store
from services.notifier.store import Delivered

log = structlog.get_logger()
Result = TypeVar("Result")


def today() -> date:
    """The day of a digest that names none, in the schedules' own time zone."""
    return datetime.now(UTC).date()


def subscribe(bus: Bus, engine: AsyncEngine, clock: Callable[[], date] = today) -> None:
    """Register the handlers of the notifier's six queues."""

    @bus.subscriber("notifier.failures")
    async def failed(event: RunFailed, delivery: Delivery) -> None:
        await _in_transaction(engine, lambda connection: keep_failure(connection, event))

    @bus.subscriber("notifier.missing")
    async def missing(event: FileMissing, delivery: Delivery) -> None:
        await _in_transaction(engine, lambda connection: keep_missing(connection, event))

    @bus.subscriber("notifier.alerts")
    async def raised(event: AlertRaised, delivery: Delivery) -> None:
        note = rules.alert(event, delivery.correlation_id)
        await _in_transaction(engine, lambda connection: store.keep(connection, note))

    @bus.subscriber("notifier.loads")
    async def loaded(event: RunLoaded, delivery: Delivery) -> None:
        if rules.settles(event):
            of = Delivered(event.client_id, event.source, event.run_date, event.run_id, loaded=event.run_id)
            await _in_transaction(engine, lambda connection: store.settle(connection, of))

    @bus.subscriber("notifier.summaries")
    async def updated(event: SummariesUpdated, delivery: Delivery) -> None:
        await _in_transaction(engine, lambda connection: keep_update(connection, event))

    @bus.subscriber("notifier.digests")
    async def digest(command: DigestRequested, delivery: Delivery) -> None:
        day, asked = command.day or clock(), delivery.correlation_id
        await _in_transaction(engine, lambda connection: keep_digest(connection, day, asked))


async def _in_transaction(
    engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[Result]]
) -> Result:
    with translated():
        async with transaction(engine) as connection:
            return await work(connection)


async def keep_failure(connection: AsyncConnection, event: RunFailed) -> None:
    """Open an error, unless a later run of the day went well already."""
    note = rules.failed(event, await store.client_name(connection, event.client_id))
    await store.keep(connection, note)
    of = Delivered(event.client_id, event.source, event.run_date, event.run_id)
    await store.settle(connection, of)


async def keep_missing(connection: AsyncConnection, event: FileMissing) -> None:
    """Open a warning, unless the file has come meanwhile."""
    note = rules.missing(event, await store.client_name(connection, event.client_id))
    await store.keep(connection, note)
    of = Delivered(event.client_id, event.source, event.run_date, event.run_id)
    await store.settle(connection, of)


async def keep_update(connection: AsyncConnection, event: SummariesUpdated) -> None:
    """Say how new a client's numbers are."""
    note = rules.updated(event, await store.client_name(connection, event.client_id))
    await store.keep_up_to_date(connection, note)


async def keep_digest(connection: AsyncConnection, day: date, asked: str) -> None:
    """What the day's mail will say; written to the log until there is mail."""
    numbers = await store.open_by_severity(connection)
    note = rules.digest(day, asked, numbers, await store.clients_updated(connection, day))
    log.info("digest", text=note.message)
    await store.keep(connection, note)
