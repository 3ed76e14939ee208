"""The audit log, as administrators read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query
from sqlalchemy import RowMapping

from libs.http.answers import ExactJSON
from libs.http.errors import Invalid
from libs.reading.lists import listed
from services.gateway.routes.access import Admin, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples
from services.gateway.rules.bodies import Name
from services.gateway.rules.kinds import Day
from services.gateway.rules.people import AUDIT_LINE
from services.gateway.store import audit

router = APIRouter(prefix="/admin/audit-logs", tags=["audit"])
LAST_DAY = date(9999, 12, 30)


def filters_of(
    user_id: Annotated[UUID | None, Query(description="Who did it.")] = None,
    email: Annotated[Name | None, Query(description="The address of who did it contains this.")] = None,
    entity: Annotated[Name | None, Query(description="What it was done to: `client`, `rate`, …")] = None,
    entity_id: Annotated[Name | None, Query(description="Which; of `login` the address.")] = None,
    action: Annotated[Name | None, Query(description="`login_failed`, `rate.set`, …")] = None,
    start_date: Annotated[Day | None, Query(description="First day, UTC.")] = None,
    end_date: Annotated[Day | None, Query(description="Last day, UTC, included.")] = None,
) -> dict[str, Any]:
    """From the query. Raises 422 for days in the wrong order."""
    if start_date and end_date and end_date < start_date:
        raise Invalid("end_date", f"{end_date} is before start_date {start_date}")
    who = {"user_id": user_id, "email": email, "action": action}
    until = min(end_date, LAST_DAY) + timedelta(days=1) if end_date else None
    days = {"since": _midnight(start_date), "until": _midnight(until)}
    return {**who, "entity": entity, "entity_id": entity_id, **days}


@router.get("", summary="Who did what, newest first", responses=answers(examples.page(AUDIT_LINE)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    filters: Annotated[dict[str, Any], Depends(filters_of)],
    sort_by: Literal["created_at", "action", "entity"] = "created_at",
) -> ExactJSON:
    """Lines are never changed. `position` and `hash` are those of the chain that `tidemark audit verify`
    follows; `user_id` is null for the command line and for logins of nobody.
    """
    total, _, rows = await audit.page(connection, filters, sort_by, paging)
    return ExactJSON(listed(total, paging, map(_shown, rows)))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _shown(row: RowMapping) -> dict[str, Any]:
    values = {name: _as_written(row[name]) for name in ("old_values", "new_values")}
    return {**row, **values}


def _as_written(values: str | None) -> orjson.Fragment | None:
    return None if values is None else orjson.Fragment(values)
