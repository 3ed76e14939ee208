"""What the clock does by itself."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from libs.http.answers import ExactJSON
from libs.reading.lists import page_of
from services.gateway.routes.access import Admin, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, records
from services.gateway.store import schedules

router = APIRouter(prefix="/admin/schedules", tags=["ingestion"])


@router.get("", summary="Schedules: last, next, result", responses=answers(examples.page(records.SCHEDULE)))
async def listing(
    caller: Admin, connection: Snapshot, paging: Paged, sort_by: Literal["next", "last", "name"] = "next"
) -> ExactJSON:
    """Each schedule that the scheduler runs: its last tick, what came of it, and the next one.

    `overdue`: its next tick is past by more than five minutes: no scheduler is at work, or no database was.
    An empty list: no scheduler ever started.
    """
    found = await schedules.all_of_them(connection)
    return ExactJSON(page_of(found, paging, sort_by, "desc" if sort_by == "last" else "asc"))
