"""Whether it lives, and whether what it needs answers."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from libs.http.answers import ExactJSON
from libs.http.worker import readiness
from services.gateway.routes.access import Parts, Public, Wired
from services.gateway.routes.documents import answers

router = APIRouter(prefix="/health", tags=["operations"], dependencies=[Public])


@router.get("/live", summary="The process answers", responses=answers({"status": "ok"}))
async def live() -> ExactJSON:
    """For a supervisor: restart it when this fails."""
    return ExactJSON({"status": "ok"})


@router.get(
    "/ready",
    summary="What it needs answers",
    responses={
        **answers({"status": "ok", "checks": {"postgresql": "ok", "rabbitmq": "ok"}}),
        **answers({"status": "unavailable", "checks": {"postgresql": "does not answer"}}, 503),
    },
)
async def ready(parts: Wired) -> ExactJSON:
    """200 while PostgreSQL answers: without RabbitMQ reads work, and what is asked for waits its turn."""
    return await _readiness(parts)


def inner(app: FastAPI) -> FastAPI:
    """The same two addresses, for the port that is not public."""
    small = FastAPI(openapi_url=None)
    small.state.parts = app.state.parts
    small.include_router(router)
    return small


async def _readiness(parts: Parts) -> ExactJSON:
    checks = await readiness(parts.bus, parts.engine)
    serves = checks["postgresql"] == "ok"
    whole = all(state == "ok" for state in checks.values())
    status = "ok" if whole else "degraded" if serves else "unavailable"
    return ExactJSON({"status": status, "checks": checks}, 200 if serves else 503)
