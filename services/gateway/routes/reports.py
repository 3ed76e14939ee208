"""Reports by e-mail: who gets what of which client, and what was sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.addresses import checked_address
from libs.http.answers import ExactJSON
from libs.http.errors import NotFound
from libs.reading.lists import listed, without
from services.gateway.routes import clients
from services.gateway.routes.access import Admin, Database, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, records
from services.gateway.rules.bodies import Body
from services.gateway.store import reports

router = APIRouter(prefix="/reports", tags=["exports"])
Address = Annotated[str, Field(max_length=254), AfterValidator(checked_address)]
Format = Literal["pdf", "xlsx"]
EXAMPLE: dict[str, Any] = {
    "frequency": "weekly",
    "formats": ["pdf", "xlsx"],
    "recipients": ["marketing@northwind.example"],
    "is_active": True,
}


def _each_once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


class Schedule(Body):
    """How often, in which formats, to whom."""

    frequency: Literal["weekly", "monthly"] = Field(
        description="Weekly: on Mondays; monthly: on the 1st. In the morning of the client's time zone."
    )
    formats: Annotated[list[Format], AfterValidator(_each_once)] = Field(
        default=["pdf"], min_length=1, max_length=10
    )
    recipients: Annotated[list[Address], Field(min_length=1, max_length=50), AfterValidator(_each_once)]
    is_active: bool = True

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})


class NewSchedule(Schedule):
    """A schedule of a client."""

    client_id: UUID

    model_config = ConfigDict(json_schema_extra={"example": {"client_id": examples.CLIENT, **EXAMPLE}})


@router.get("", summary="Schedules of reports", responses=answers(examples.page(records.REPORT)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    client_id: UUID | None = None,
    sort_by: Literal["client_name", "created_at"] = "client_name",
) -> ExactJSON:
    """By client; of one client, if it is named."""
    total, _, rows = await reports.page(connection, client_id, sort_by, paging)
    return ExactJSON(listed(total, paging, map(_shown, rows)))


@router.post("", status_code=201, summary="Schedule reports", responses=answers(records.REPORT, 201))
async def add(new: NewSchedule, caller: Admin, connection: Database) -> ExactJSON:
    """Sent when the period's data is there; a day later with a note of what is missing."""
    client = await clients.found(connection, new.client_id)
    values = {**new.model_dump(exclude={"client_id"}), "created_by": caller.id}
    report_id = await reports.add(connection, int(client["id"]), values)
    await caller.audit(connection, "report.added", "report", report_id, new=new.model_dump(mode="json"))
    return ExactJSON(_shown(await _found(connection, report_id)), 201)


@router.get("/{report_id}", summary="One schedule", responses=answers(records.REPORT))
async def one(report_id: UUID, caller: Admin, connection: Snapshot) -> ExactJSON:
    """How often, in which formats, to whom."""
    return ExactJSON(_shown(await _found(connection, report_id)))


@router.put("/{report_id}", summary="Change a schedule", responses=answers(records.REPORT))
async def put(report_id: UUID, new: Schedule, caller: Admin, connection: Database) -> ExactJSON:
    """Replaces all of it; what waits to be sent goes to the new recipients."""
    before = _shown(await _found(connection, report_id, lock=True))
    await reports.change(connection, report_id, new.model_dump())
    after = _shown(await _found(connection, report_id))
    await caller.audit(connection, "report.changed", "report", report_id, old=before, new=after)
    return ExactJSON(after)


@router.delete("/{report_id}", summary="End a schedule", responses=answers({"id": examples.RATE}))
async def remove(report_id: UUID, caller: Admin, connection: Database) -> ExactJSON:
    """With the list of what was sent; the audit log keeps what it was."""
    before = _shown(await _found(connection, report_id, lock=True))
    await reports.remove(connection, report_id)
    await caller.audit(connection, "report.removed", "report", report_id, old=before)
    return ExactJSON({"id": report_id})


@router.get(
    "/{report_id}/deliveries",
    summary="What was sent",
    responses=answers(examples.page(records.REPORT_DELIVERY)),
)
async def deliveries(
    report_id: UUID,
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    sort_by: Literal["due", "period_start", "sent_at", "created_at"] = "due",
) -> ExactJSON:
    """Newest first; `waiting` says in `error` why it was not sent yet, `notes` say what was missing."""
    schedule = await _found(connection, report_id)
    return ExactJSON(listed(*await reports.deliveries(connection, schedule, sort_by, paging)))


async def _found(connection: AsyncConnection, report_id: UUID, *, lock: bool = False) -> RowMapping:
    schedule = await reports.one(connection, report_id, lock=lock)
    if schedule is None:
        raise NotFound("report")
    return schedule


def _shown(row: RowMapping) -> dict[str, Any]:
    return without(row, "client_no")
