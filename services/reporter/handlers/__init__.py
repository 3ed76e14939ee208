"""What the reporter hears."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.notify.v1 import ReportRequested
from libs.bus import Bus, Delivery
from libs.db.engine import tenant
from libs.db.errors import translated
from libs.errors import Terminal
from services.reporter import rules, store


class NoSuchSchedule(Terminal):
    """The client has no such schedule (any more)."""


def subscribe(bus: Bus, engine: AsyncEngine, on_report: Callable[[], None] = lambda: None) -> None:
    """Register the handler of the reporter's queue. ``on_report`` is called when one may be due."""

    @bus.subscriber("reporter.requests")
    async def requested(command: ReportRequested, delivery: Delivery) -> None:
        await request(engine, command)
        on_report()


async def request(engine: AsyncEngine, command: ReportRequested) -> None:
    """Keep what is to be sent; the sender does it. Raises NoSuchSchedule."""
    with translated():
        async with tenant(engine, role="admin", client_ids=()) as connection:
            client = await store.client_no(connection, command.client_id)
            found = None
            if client is not None:
                found = await store.schedule(connection, client, command.schedule_id)
            if client is None or found is None:
                raise NoSuchSchedule(
                    f"client {command.client_id} has no schedule {command.schedule_id}: it was deleted, or "
                    "the message is wrong"
                )
            days = rules.period_of(found.frequency, command.due)
            await store.request(connection, client, command.schedule_id, command.due, found, days)
