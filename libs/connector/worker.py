"""The whole service of a source with daily files: its two queues around a client.py and a parse.py."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette

from contracts.envelope import Source
from contracts.ingest.v1 import PullRequested, ReloadRequested
from libs.bus import Bus, Delivery
from libs.connector.archive import Archive
from libs.connector.files import DailyFiles, Found, Kit, Reports
from libs.connector.formats import Format
from libs.connector.ingest import Ingestion
from libs.connector.pulls import DailyPulls, utc_now
from libs.connector.reloads import Reloader
from libs.connector.workspace import Workspace
from libs.db.engine import make_engine
from libs.http.worker import worker_app
from libs.settings import BusSettings, DatabaseSettings, S3Settings
from libs.storage import ObjectStore
from libs.tabular import Readers


class ConnectorSettings(DatabaseSettings, BusSettings, S3Settings):
    """What every connector needs; its own class adds its own."""

    work_dir: Path | None = None
    """Where files lie while they are read. Default: a folder of the system's place for temporary files."""


def daily_app(
    name: Source,
    settings: ConnectorSettings,
    reports: Reports[Found],
    form: Format,
    now: Callable[[], datetime] = utc_now,
) -> Starlette:
    """The worker, with its health endpoints; it connects when it is started.

    Consumes the queues ``<name>.pulls`` and ``<name>.reloads``.
    """
    engine, bus, store = make_engine(settings, name), Bus(settings, name), ObjectStore(settings)
    workspace = Workspace(settings.work_dir or Path(tempfile.gettempdir()) / f"tidemark-{name}")
    readers, archive = Readers(), Archive(store, settings.raw_bucket_name)
    kit = Kit(engine, archive, Ingestion(engine, bus), workspace, readers, now)
    _subscribe(bus, name, DailyFiles(name, reports, form, kit), kit)

    async def until_stopped() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await readers.close()
            await workspace.close()
            await reports.close()
            await store.close()

    return worker_app(
        name, bus=bus, engine=engine, on_start=(store.open, workspace.open), background=(until_stopped,)
    )


def _subscribe(bus: Bus, name: Source, files: DailyFiles[Found], kit: Kit) -> None:
    pulls = DailyPulls(name, kit.engine, kit.ingestion, files, kit.now)
    reloader = Reloader(
        name, kit.engine, kit.archive, kit.ingestion, kit.workspace, files.identity, files.reading_of
    )

    @bus.subscriber(f"{name}.pulls")
    async def pull_requested(message: PullRequested, _: Delivery) -> None:
        await pulls.pull(message)

    @bus.subscriber(f"{name}.reloads")
    async def reload_requested(message: ReloadRequested, _: Delivery) -> None:
        await reloader.reload(message)
