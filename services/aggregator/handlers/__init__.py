"""What the aggregator is told, and what it does about it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RowsRepriced, RunLoaded, RunStaged
from contracts.summarise.v1 import SummariesRequested
from libs.bus import Bus, Delivery
from services.aggregator.handlers.preparing import Preparing
from services.aggregator.handlers.refresh import refresh
from services.aggregator.handlers.requests import recompute
from services.aggregator.store.hierarchy import Hierarchies


def subscribe(bus: Bus, engine: AsyncEngine) -> None:
    """Register the handlers of the aggregator's four queues."""

    hierarchies, preparing = Hierarchies(), Preparing(engine)

    @bus.subscriber("aggregator.merges")
    async def staged(message: RunStaged, delivery: Delivery) -> None:
        await preparing.prepare(message)

    @bus.subscriber("aggregator.loads")
    async def loaded(message: RunLoaded, delivery: Delivery) -> None:
        prepared = await preparing.take(message.client_id, message.run_id)
        await refresh(engine, message.client_id, message.dates, hierarchies=hierarchies, prepared=prepared)

    @bus.subscriber("aggregator.repricings")
    async def repriced(message: RowsRepriced, delivery: Delivery) -> None:
        await refresh(engine, message.client_id, message.dates, rows_changed=False, hierarchies=hierarchies)

    @bus.subscriber("aggregator.requests")
    async def requested(message: SummariesRequested, delivery: Delivery) -> None:
        await recompute(engine, message, hierarchies=hierarchies)
