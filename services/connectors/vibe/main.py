"""The Vibe connector: reports that are asked for, waited for and downloaded → batches on the bus."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from starlette.applications import Starlette

from libs.auth.sealing import Sealer
from libs.bus import Bus
from libs.connector.archive import Archive
from libs.connector.ingest import Ingestion
from libs.connector.workspace import Workspace
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability.starting import observe
from libs.settings import load
from libs.storage import ObjectStore
from libs.tabular import Readers
from services.connectors.vibe.client.api import VibeApi
from services.connectors.vibe.client.download import Downloads
from services.connectors.vibe.handlers import Desk, Pace, subscribe, utc_now
from services.connectors.vibe.rules.credentials import Defaults
from services.connectors.vibe.settings import VibeSettings

SERVICE = "vibe"


def create_app(settings: VibeSettings, now: Callable[[], datetime] = utc_now) -> Starlette:
    """The worker, with its health endpoints; it connects when it is started."""
    bus, store = Bus(settings, SERVICE), ObjectStore(settings)
    desk = make_desk(settings, bus, store, now)
    subscribe(bus, desk)

    async def until_stopped() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await desk.readers.close()
            await desk.workspace.close()
            await desk.api.close()
            await store.close()

    return worker_app(
        SERVICE,
        bus=bus,
        engine=desk.engine,
        on_start=(store.open, desk.workspace.open),
        background=(until_stopped,),
    )


def make_desk(settings: VibeSettings, bus: Bus, store: ObjectStore, now: Callable[[], datetime]) -> Desk:
    """Everything that a handler needs; nothing connects yet."""
    engine = make_engine(settings, SERVICE)
    pace = Pace(
        settings.vibe_poll_seconds,
        settings.vibe_max_polls,
        settings.vibe_rate_limit,
        settings.retry_seconds,
    )
    key = _text(settings.encryption_key)
    return Desk(
        engine=engine,
        api=VibeApi(settings.vibe_api_base_url, now),
        downloads=Downloads(settings.vibe_download_hosts.split(","), settings.vibe_max_download_bytes),
        archive=Archive(store, settings.raw_bucket_name),
        ingestion=Ingestion(engine, bus),
        workspace=Workspace(settings.work_dir or Path(tempfile.gettempdir()) / "tidemark-vibe"),
        readers=Readers(),
        defaults=defaults_of(settings),
        sealer=Sealer(key) if key else None,
        pace=pace,
        now=now,
    )


def defaults_of(settings: VibeSettings) -> Defaults:
    """The credentials of the settings."""
    return Defaults(
        profile=settings.vibe_profile,
        api_key=_text(settings.vibe_api_key),
        client_id=settings.vibe_client_id,
        client_secret=_text(settings.vibe_client_secret),
        advertiser_id=settings.vibe_advertiser_id,
    )


def _text(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()


def main() -> None:
    """Run until SIGTERM."""
    settings = load(VibeSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
