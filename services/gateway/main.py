"""The gateway: settings → engine → bus → routes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from prometheus_client import make_asgi_app
from starlette.middleware import Middleware

from contracts.http import contract_of
from libs.auth import Hasher, Sealer, Tokens
from libs.bus import Bus, Queues
from libs.bus.outbox import Relay
from libs.db.engine import Patience, make_engine
from libs.http.cors import Cors
from libs.http.documents import Document
from libs.http.errors import handle_errors
from libs.http.middleware import REQUEST_ID, BodyLimit, Boundary
from libs.http.serving import serve_both
from libs.observability import reporting
from libs.observability.starting import finish, observe
from libs.reading.keeping import Sums
from libs.reading.levels import LEVELS
from libs.settings import load
from services.gateway.routes import (
    api_keys,
    audit_logs,
    auth,
    campaigns,
    client_changes,
    client_settings,
    clients,
    corrections,
    coverage,
    daily,
    dashboard,
    documents,
    explain,
    exports,
    facebook,
    health,
    hierarchy,
    hierarchy_changes,
    messages,
    metrics,
    mfa,
    notifications,
    page,
    passwords,
    queues,
    rates,
    reports,
    runs,
    schedules,
    sessions,
    sources,
    summaries,
    triggers,
    users,
    views,
)
from services.gateway.routes.access import Parts
from services.gateway.settings import GatewaySettings

log = structlog.get_logger()
ROUTERS = (
    auth.router,
    sessions.router,
    passwords.router,
    mfa.router,
    api_keys.router,
    users.router,
    dashboard.router,
    clients.router,
    client_changes.router,
    client_settings.router,
    rates.router,
    sources.router,
    *(hierarchy.reads(level) for level in LEVELS),
    *(hierarchy_changes.writes(level) for level in LEVELS),
    campaigns.router,
    daily.router,
    summaries.router,
    metrics.router,
    explain.router,
    views.router,
    runs.router,
    corrections.router,
    triggers.router,
    notifications.router,
    schedules.router,
    coverage.router,
    queues.router,
    audit_logs.router,
    exports.router,
    reports.router,
)


def create_app(settings: GatewaySettings, contract: Document | None = None) -> FastAPI:
    """The API with everything it needs; it connects when it is started. ``contract``: of uploads."""
    parts = make_parts(settings)
    uploads = contract or contract_of("facebook")

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await parts.bus.start()
        relay = asyncio.create_task(_relay(parts))
        log.info("started", service="gateway")
        try:
            yield
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
            await parts.bus.stop()
            await parts.uploads.aclose()
            await parts.engine.dispose()
            parts.hasher.close()
            log.info("stopped", service="gateway")
            finish()

    app = FastAPI(
        title="Tidemark",
        version=settings.app_version,
        description=documents.ABOUT,
        openapi_tags=documents.tags(uploads),
        responses=documents.INVALID,
        lifespan=lifespan,
        redirect_slashes=False,
        middleware=_middleware(settings),
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = parts
    api = APIRouter(prefix="/api/v1")
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(facebook.router(uploads))
    app.include_router(documents.router)
    app.include_router(messages.router)
    app.include_router(page.router_of(page.BUILT))
    app.mount("/docs/files", documents.PAGE_FILES)
    handle_errors(app)
    app.openapi = partial(documents.document, app, uploads)  # type: ignore[method-assign]
    return app


def make_parts(settings: GatewaySettings) -> Parts:
    """Engine, bus, keys and cache; nothing connects here."""
    sealing = settings.encryption_key
    return Parts(
        engine=make_engine(
            settings,
            "gateway",
            patience=Patience(settings.request_statement_timeout, settings.request_lock_timeout),
        ),
        bus=Bus(settings, "gateway"),
        queues=Queues(settings, "gateway"),
        tokens=Tokens(
            settings.secret_key.get_secret_value(),
            algorithm=settings.algorithm,
            minutes=settings.access_token_expire_minutes,
        ),
        hasher=Hasher(),
        sealer=Sealer(sealing.get_secret_value()) if sealing else None,
        cache=Sums(settings.cache_megabytes * 1_000_000),
        session_lifetime=timedelta(days=settings.refresh_token_expire_days),
        issuer=settings.app_name,
        facebook_url=settings.facebook_url,
        uploads=facebook.upstream(settings.facebook_url),
        printing=asyncio.Semaphore(2),
    )


def _middleware(settings: GatewaySettings) -> list[Middleware]:
    secure = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    cors = Middleware(
        Cors,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", REQUEST_ID],
        expose_headers=[REQUEST_ID, "Content-Disposition", "Idempotency-Replayed", "Retry-After"],
    )
    return [
        Middleware(Boundary, headers=secure if settings.environment == "production" else {}),
        *([cors] if settings.origins else []),
        Middleware(
            BodyLimit,
            limit=settings.max_body_bytes,
            larger={"/api/v1/facebook/": settings.max_upload_size + facebook.FORM_BYTES},
            seconds=settings.body_seconds,
        ),
    ]


async def _relay(parts: Parts) -> None:
    """Relay the outbox; the API goes on without it, and says so."""
    while True:
        try:
            await Relay(parts.engine, parts.bus, "gateway").run()
        except Exception as error:
            log.exception("the outbox relay ended; it starts again in a second")
            reporting.report(error, task="outbox relay")
        await asyncio.sleep(1)


def operations(app: FastAPI) -> FastAPI:
    """Health and metrics, for the port that is not public."""
    inner = health.inner(app)
    inner.mount("/metrics", make_asgi_app())
    return inner


async def _serve(settings: GatewaySettings) -> None:
    app = create_app(settings)
    both: dict[str, Any] = {"host": settings.host, "log_level": "warning", "access_log": False}
    public = uvicorn.Config(
        app,
        **both,
        port=settings.port,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=30,
    )
    inner = uvicorn.Config(operations(app), **both, port=settings.metrics_port, lifespan="off")
    await serve_both(public, inner)


def main() -> None:
    """Run the gateway until SIGTERM or SIGINT."""
    settings = load(GatewaySettings)
    observe("gateway", settings)
    asyncio.run(_serve(settings))


if __name__ == "__main__":
    main()
