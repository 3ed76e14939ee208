"""What the dashboard page shows."""

from __future__ import annotations

from fastapi import APIRouter

from libs.http.answers import ExactJSON
from services.gateway.routes import parts_of_dashboard as parts
from services.gateway.routes.access import Snapshot
from services.gateway.routes.scope import Scoped

router = APIRouter(prefix="/dashboard", tags=["dashboard"])


@router.get("/summary", summary="Totals of a range")
@router.get("/overview", summary="Totals of a range (the same as /summary)")
async def summary(scope: Scoped, connection: Snapshot) -> ExactJSON:
    """Sums, ratios computed from sums, and changes against the period of the same length before."""
    return ExactJSON({**scope.heading(), **await parts.summary(connection, scope)})
