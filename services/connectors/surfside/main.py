"""The Surfside connector: daily files in S3 → batches on the bus."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette

from libs.bus import Bus
from libs.connector.archive import Archive
from libs.connector.ingest import Ingestion
from libs.connector.pulls import utc_now
from libs.connector.workspace import Workspace
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability.starting import observe
from libs.settings import load
from libs.storage import ObjectStore
from libs.tabular import Readers
from services.connectors.surfside.client import Reports
from services.connectors.surfside.handlers import Desk, subscribe
from services.connectors.surfside.rules import Defaults
from services.connectors.surfside.settings import SurfsideSettings

SERVICE = "surfside"


def create_app(settings: SurfsideSettings, now: Callable[[], datetime] = utc_now) -> Starlette:
    """The worker, with its health endpoints; it connects when it is started."""
    engine, bus = make_engine(settings, SERVICE), Bus(settings, SERVICE)
    store = ObjectStore(settings)
    archive = Archive(store, settings.raw_bucket_name)
    workspace = Workspace(settings.work_dir or Path(tempfile.gettempdir()) / "tidemark-surfside")
    readers = Readers()
    defaults = Defaults(settings.s3_bucket_name, settings.s3_prefix, settings.s3_file_pattern)
    desk = Desk(
        engine=engine,
        reports=Reports(store, defaults),
        archive=archive,
        ingestion=Ingestion(engine, bus),
        workspace=workspace,
        readers=readers,
        max_file_bytes=settings.surfside_max_file_bytes,
        now=now,
    )
    subscribe(bus, desk)

    async def until_stopped() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await readers.close()
            await workspace.close()
            await store.close()

    return worker_app(
        SERVICE,
        bus=bus,
        engine=engine,
        on_start=(store.open, workspace.open),
        background=(until_stopped,),
    )


def main() -> None:
    """Run until SIGTERM."""
    settings = load(SurfsideSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
