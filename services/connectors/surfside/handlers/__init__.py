"""The two queues of this service."""

from __future__ import annotations

from contracts.ingest.v1 import PullRequested, ReloadRequested
from libs.bus import Bus, Delivery
from services.connectors.surfside.handlers.deliveries import Desk
from services.connectors.surfside.handlers.pulls import pulls_of
from services.connectors.surfside.handlers.reloads import reload

__all__ = ["Desk", "subscribe"]


def subscribe(bus: Bus, desk: Desk) -> None:
    """Register the handlers; nothing is consumed before the bus starts."""
    pulls = pulls_of(desk)

    @bus.subscriber("surfside.pulls")
    async def pull_requested(message: PullRequested, _: Delivery) -> None:
        await pulls.pull(message)

    @bus.subscriber("surfside.reloads")
    async def reload_requested(message: ReloadRequested, _: Delivery) -> None:
        await reload(desk, message)
