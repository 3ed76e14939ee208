"""The three queues of this service."""

from __future__ import annotations

from functools import partial

from contracts.ingest.v1 import PullRequested, ReloadRequested
from contracts.notify.v1 import ReportPoll
from libs.bus import Bus, Delivery
from libs.connector.reloads import Reloader
from services.connectors.vibe.handlers import fetching
from services.connectors.vibe.handlers.desk import SOURCE, Desk, Pace, utc_now
from services.connectors.vibe.handlers.polls import poll
from services.connectors.vibe.handlers.pulls import pull

__all__ = ["Desk", "Pace", "subscribe", "utc_now"]


def subscribe(bus: Bus, desk: Desk) -> None:
    """Register the handlers; nothing is consumed before the bus starts."""
    reading_of = partial(fetching.reading_of_kept, desk)
    reloader = Reloader(
        SOURCE, desk.engine, desk.archive, desk.ingestion, desk.workspace, fetching.identity, reading_of
    )

    @bus.subscriber("vibe.pulls")
    async def pull_requested(message: PullRequested, _: Delivery) -> None:
        await pull(desk, message)

    @bus.subscriber("vibe.polls")
    async def report_poll(message: ReportPoll, _: Delivery) -> None:
        await poll(desk, message)

    @bus.subscriber("vibe.reloads")
    async def reload_requested(message: ReloadRequested, _: Delivery) -> None:
        await reloader.reload(message)
