"""The two queues of this service."""

from __future__ import annotations

from contracts.ingest.v1 import ReloadRequested, UploadAccepted
from libs.bus import Bus, Delivery
from services.connectors.facebook.handlers.desk import SOURCE, Desk, utc_now
from services.connectors.facebook.handlers.reloads import reload
from services.connectors.facebook.handlers.uploads import load

__all__ = ["SOURCE", "Desk", "subscribe", "utc_now"]


def subscribe(bus: Bus, desk: Desk) -> None:
    """Register the handlers; nothing is consumed before the bus starts."""

    @bus.subscriber("facebook.uploads")
    async def upload_accepted(message: UploadAccepted, _: Delivery) -> None:
        await load(desk, message)

    @bus.subscriber("facebook.reloads")
    async def reload_requested(message: ReloadRequested, _: Delivery) -> None:
        await reload(desk, message)
