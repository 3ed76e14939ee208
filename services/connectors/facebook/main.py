"""The Facebook connector: uploads of Ads Manager exports → batches on the bus."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from libs.auth import Tokens
from libs.bus import Bus
from libs.connector.archive import Archive
from libs.connector.ingest import Ingestion
from libs.connector.workspace import Workspace
from libs.db.engine import Patience, make_engine
from libs.http.errors import handle_errors
from libs.http.middleware import BodyLimit, Boundary
from libs.http.worker import operations, working
from libs.observability.starting import observe
from libs.settings import load
from libs.storage import FileStore, ObjectStore, RawStore
from libs.tabular import Readers
from services.connectors.facebook.handlers import Desk, subscribe, utc_now
from services.connectors.facebook.handlers.begun import Aside
from services.connectors.facebook.routes import documents, upload, uploads
from services.connectors.facebook.routes.access import Parts
from services.connectors.facebook.routes.receiving import FORM_BYTES
from services.connectors.facebook.settings import FacebookSettings

SERVICE = "facebook"


def create_app(settings: FacebookSettings, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The upload API and its worker in one process; it connects when it is started."""
    bus = Bus(settings, SERVICE)
    store: RawStore = FileStore(settings.upload_dir) if settings.upload_dir else ObjectStore(settings)
    parts = _parts(settings, bus, store, now)
    desk = parts.desk
    subscribe(bus, desk)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start = (store.open, desk.workspace.open, desk.readers.warm)
        try:
            async with working(SERVICE, bus=bus, engine=desk.engine, on_start=start):
                yield
        finally:
            await desk.aside.close()
            await desk.readers.close()
            await desk.workspace.close()
            await store.close()
            await parts.engine.dispose()

    app = FastAPI(
        title="Tidemark: uploads of Facebook exports",
        version=settings.app_version,
        description=documents.ABOUT,
        openapi_tags=documents.TAGS,
        responses=documents.INVALID,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Boundary),
            Middleware(BodyLimit, limit=settings.max_upload_size + FORM_BYTES),
        ],
    )
    app.state.parts = parts
    api = APIRouter(prefix="/api/v1")
    api.include_router(upload.router)
    api.include_router(uploads.router)
    app.include_router(api)
    app.router.routes.extend(operations(bus, desk.engine))
    handle_errors(app)
    app.openapi = partial(documents.document, app)  # type: ignore[method-assign]
    return app


def _parts(settings: FacebookSettings, bus: Bus, store: RawStore, now: Callable[[], datetime]) -> Parts:
    engine, readers = make_engine(settings, SERVICE, sees_all=True), Readers()
    desk = Desk(
        engine=engine,
        archive=Archive(store, settings.raw_bucket_name),
        ingestion=Ingestion(engine, bus),
        workspace=Workspace(settings.work_dir or Path(tempfile.gettempdir()) / "tidemark-facebook"),
        readers=readers,
        aside=Aside(readers),
        now=now,
    )
    tokens = Tokens(
        settings.secret_key.get_secret_value(),
        algorithm=settings.algorithm,
        minutes=settings.access_token_expire_minutes,
    )
    patience = Patience(settings.request_statement_timeout, settings.request_lock_timeout)
    asking = make_engine(settings, SERVICE, patience=patience)
    return Parts(asking, desk, tokens, settings.max_upload_size, settings.upload_check_seconds)


def main() -> None:
    """Run until SIGTERM."""
    settings = load(FacebookSettings)
    observe(SERVICE, settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=30,
        lifespan="on",
    )


if __name__ == "__main__":
    main()
