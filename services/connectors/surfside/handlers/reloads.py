"""Reloads: the raw file of a run, read again with today's settings, as a new run."""

from __future__ import annotations

from typing import Any

from contracts.ingest.v1 import ReloadRequested
from libs.connector.reading import Reading
from libs.connector.reloads import Reloader
from libs.connector.runs import Run
from services.connectors.surfside.handlers import deliveries
from services.connectors.surfside.handlers.deliveries import SOURCE, Desk


async def reload(desk: Desk, message: ReloadRequested) -> None:
    """Carry out a reload. Raises Terminal when the run is unknown or has no raw file."""

    async def reading_of(run: Run, _: dict[str, Any]) -> Reading:
        return deliveries.reading_of(desk.readers, run, [])

    reloader = Reloader(
        SOURCE, desk.engine, desk.archive, desk.ingestion, desk.workspace, deliveries.identity, reading_of
    )
    await reloader.reload(message)
