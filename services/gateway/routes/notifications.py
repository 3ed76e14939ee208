"""What people were told."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from libs.http.answers import ExactJSON
from libs.http.errors import NotFound
from libs.reading.lists import listed
from services.gateway.routes.access import Admin, Database, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, records
from services.gateway.store import notifications

router = APIRouter(prefix="/admin/notifications", tags=["ingestion"])


@router.get("", summary="Notifications, newest first", responses=answers(examples.page(records.NOTIFICATION)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    severity: Literal["info", "warning", "error"] | None = None,
    client_id: UUID | None = None,
    acknowledged: bool | None = None,
    sort_by: Literal["created_at", "severity", "times"] = "created_at",
) -> ExactJSON:
    """The same trouble is told once; `times` says how often it came."""
    filters = {"severity": severity, "client": client_id, "acknowledged": acknowledged}
    return ExactJSON(listed(*await notifications.page(connection, filters, sort_by, paging)))


@router.post(
    "/{notification_id}/acknowledge",
    summary="Take notice",
    responses=answers({"id": examples.RATE, "acknowledged": True}),
)
async def acknowledge(notification_id: UUID, caller: Admin, connection: Database) -> ExactJSON:
    """Twice is the same as once."""
    if not await notifications.acknowledge(connection, notification_id, caller.id):
        raise NotFound("notification")
    await caller.audit(connection, "notification.acknowledged", "notification", notification_id)
    return ExactJSON({"id": notification_id, "acknowledged": True})
