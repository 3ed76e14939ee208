"""The small HTTP side of a worker: health, readiness and metrics, around its bus and its outbox."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog
import uvicorn
from prometheus_client import make_asgi_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount, Route

from libs.bus import Bus, BusUnavailable
from libs.bus.outbox import Relay
from libs.observability import reporting
from libs.observability.starting import finish
from libs.settings import AppSettings

log = structlog.get_logger()
Task = Callable[[], Awaitable[None]]


def worker_app(
    service: str,
    *,
    bus: Bus,
    engine: AsyncEngine,
    relay: bool = True,
    on_start: Sequence[Task] = (),
    background: Sequence[Task] = (),
) -> Starlette:
    """An ASGI app that runs a worker while it is up: ``on_start`` first, then bus, relay and background."""

    def lifespan(_: Starlette) -> contextlib.AbstractAsyncContextManager[None]:
        return working(service, bus=bus, engine=engine, relay=relay, on_start=on_start, background=background)

    return Starlette(routes=operations(bus, engine), lifespan=lifespan)


@contextlib.asynccontextmanager
async def working(
    service: str,
    *,
    bus: Bus,
    engine: AsyncEngine,
    relay: bool = True,
    on_start: Sequence[Task] = (),
    background: Sequence[Task] = (),
) -> AsyncIterator[None]:
    """A worker while the block runs; for a service that is more than one, too."""
    for step in on_start:
        await step()
    tasks = [asyncio.create_task(_watched(task)) for task in background]
    if relay:
        tasks.append(asyncio.create_task(_watched(Relay(engine, bus, service).run)))
    await bus.start()
    gc.collect()
    gc.freeze()  # what was made until now stays: no later collection goes through it again
    log.info("started", service=service)
    try:
        yield
    finally:
        await bus.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await engine.dispose()
        log.info("stopped", service=service)
        finish()


def operations(bus: Bus, engine: AsyncEngine) -> list[Route | Mount]:
    """Health, readiness and Prometheus metrics."""

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> JSONResponse:
        checks = await readiness(bus, engine)
        ok = all(value == "ok" for value in checks.values())
        return JSONResponse(
            {"status": "ok" if ok else "unavailable", "checks": checks}, status_code=200 if ok else 503
        )

    async def metrics(_: Request) -> RedirectResponse:
        return RedirectResponse("/metrics/")

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
        Mount("/metrics", make_asgi_app()),
    ]


async def readiness(bus: Bus, engine: AsyncEngine) -> dict[str, str]:
    """Each dependency by name, ``ok`` or what is wrong: the database, RabbitMQ, each queue's consumers."""
    checks = {"postgresql": await database_state(engine)}
    try:
        for queue in await bus.queues():
            checks[queue.name] = "ok" if queue.consumers else "has no consumer"
        checks["rabbitmq"] = "ok"
    except BusUnavailable:
        checks["rabbitmq"] = "does not answer"
    return checks


async def database_state(engine: AsyncEngine) -> str:
    """``ok``, or that the database does not answer within five seconds."""
    try:
        async with asyncio.timeout(5), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("database not ready", error=repr(error))
        return "does not answer"
    return "ok"


async def _watched(task: Task) -> None:
    """A background task that ends by itself is a bug: say so loudly, and let the process end."""
    try:
        await task()
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        log.exception("a background task ended", task=repr(task))
        reporting.report(error, task=getattr(task, "__qualname__", "task"))
        finish()  # the process ends without coming to the end of its lifespan
        raise SystemExit(1) from None


def serve(app: Starlette, settings: AppSettings) -> None:
    """Run an app until SIGTERM or SIGINT."""
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_level="warning", access_log=False, lifespan="on"
    )
