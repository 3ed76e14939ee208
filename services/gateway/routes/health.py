"""Whether it lives, and whether what it needs answers; on the port that is not public."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from libs.http.answers import ExactJSON
from libs.http.errors import RETRY_AFTER_SECONDS
from libs.http.worker import readiness
from services.gateway.routes.access import Parts, Wired

router = APIRouter(prefix="/health")


@router.get("/live")
async def live() -> ExactJSON:
    """For a supervisor: restart it when this fails."""
    return ExactJSON({"status": "ok"})


@router.get("/ready")
async def ready(parts: Wired) -> ExactJSON:
    """200 while PostgreSQL answers: without RabbitMQ reads work, and what is asked for waits its turn."""
    return await _readiness(parts)


def inner(app: FastAPI) -> FastAPI:
    """An application of these two addresses, beside the public one."""
    small = FastAPI(openapi_url=None)
    small.state.parts = app.state.parts
    small.include_router(router)
    return small


async def _readiness(parts: Parts) -> ExactJSON:
    checks = await readiness(parts.bus, parts.engine)
    serves = checks["postgresql"] == "ok"
    whole = all(state == "ok" for state in checks.values())
    status = "ok" if whole else "degraded" if serves else "unavailable"
    body = {"status": status, "checks": checks}
    return ExactJSON(body) if serves else ExactJSON(body, 503, {"Retry-After": RETRY_AFTER_SECONDS})
