"""What the notifier hears, and what it keeps and sends of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RunFailed, RunLoaded
from contracts.notify.v1 import AlertRaised, DigestRequested, FileMissing
from contracts.summarise.v1 import SummariesUpdated
from libs.bus import Bus, Delivery
from services.notifier import rules
from services.notifier.handlers import keeping, quality
from services.notifier.handlers.keeping import Desk
from services.notifier.rules.alarms import Limits


def today() -> date:
    """The day of a digest that names none, in the schedules' own time zone."""
    return datetime.now(UTC).date()


def subscribe(
    bus: Bus,
    engine: AsyncEngine,
    clock: Callable[[], date] = today,
    limits: Limits | None = None,
    on_mail: Callable[[], None] = lambda: None,
    public_url: str = "",
) -> None:
    """Register the handlers of the notifier's six queues. ``on_mail`` is called when one may be due."""
    desk = Desk(engine, limits or Limits(), on_mail)

    @bus.subscriber("notifier.failures")
    async def failed(event: RunFailed, delivery: Delivery) -> None:
        await desk.do(lambda connection: keeping.keep_failure(connection, event, desk.limits))

    @bus.subscriber("notifier.missing")
    async def missing(event: FileMissing, delivery: Delivery) -> None:
        await desk.do(lambda connection: keeping.keep_missing(connection, event, desk.limits))

    @bus.subscriber("notifier.alerts")
    async def raised(event: AlertRaised, delivery: Delivery) -> None:
        note = rules.alert(event, delivery.correlation_id)
        await desk.do(lambda connection: keeping.tell(connection, note, desk.limits))

    @bus.subscriber("notifier.loads")
    async def loaded(event: RunLoaded, delivery: Delivery) -> None:
        if rules.settles(event):
            await desk.do(lambda connection: quality.look_at_run(connection, event, desk.limits))

    @bus.subscriber("notifier.summaries")
    async def updated(event: SummariesUpdated, delivery: Delivery) -> None:
        day = clock()
        await desk.do(lambda connection: quality.look_at_days(connection, event, day, desk.limits))

    @bus.subscriber("notifier.digests")
    async def digest(command: DigestRequested, delivery: Delivery) -> None:
        day, asked = command.day or clock(), delivery.correlation_id
        await desk.do(lambda connection: keeping.keep_digest(connection, day, asked, public_url))
