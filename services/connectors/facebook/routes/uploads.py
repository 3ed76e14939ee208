"""What was uploaded, how far it is, and taking it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.load.v1 import RunUndo
from libs.bus import outbox
from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Conflict, NotFound
from libs.http.signed import Caller
from services.connectors.facebook import rules
from services.connectors.facebook.handlers import SOURCE
from services.connectors.facebook.routes import documents
from services.connectors.facebook.routes.access import Admin, Database, Signed, Wired, hidden_from
from services.connectors.facebook.routes.watching import changes, detailed, found, shown
from services.connectors.facebook.store import choices, uploads

router = APIRouter(prefix="/facebook/uploads", tags=["facebook"])
SHOWN_REJECTED = 100
UNDOABLE = ("loaded", "partial", "unchanged")
TOLD = ("file_name", "sha256", "client_id", "ingestion_run_id", "run_status")
"""Of a deleted record, in the audit log."""
Sort = Literal["uploaded_at", "file_name", "size"]
Status = Literal["pending", "processing", "completed", "failed"]


@dataclass(frozen=True)
class Wanted:
    """A page of the list, from the query."""

    filters: dict[str, Any]
    page: int
    page_size: int
    order: str


def wanted_of(
    client_id: Annotated[UUID | None, Query(description="Only this client's.")] = None,
    status: Status | None = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=500)] = 50,
    sort_by: Sort = "uploaded_at",
    order: Literal["asc", "desc"] = "desc",
) -> Wanted:
    """From the query."""
    filters = {"client": client_id, "status": status}
    return Wanted(filters, page, page_size, f"{uploads.SORTS[sort_by]} {order}")


@router.get("", summary="Uploads, newest first", responses=documents.LIST_ANSWERS)
async def listing(
    caller: Signed, connection: Database, wanted: Annotated[Wanted, Depends(wanted_of)]
) -> ExactJSON:
    """One line for each upload of the clients that you see."""
    client_id = wanted.filters["client"]
    if client_id is not None and not await choices.is_seen(connection, client_id):
        raise NotFound("client")
    offset = (wanted.page - 1) * wanted.page_size
    total, rows = await uploads.page(connection, wanted.filters, wanted.order, wanted.page_size, offset)
    head = {"total": total, "page": wanted.page, "page_size": wanted.page_size}
    return ExactJSON({**head, "data": [shown(row) for row in rows]})


@router.get(
    "/{upload_id}", summary="One upload, with its warnings and rejected rows", responses=documents.DETAILS
)
async def details(upload_id: UUID, caller: Signed, connection: Database) -> ExactJSON:
    """Counts, progress, warnings, which columns were used, and the first rejected rows: those of somebody
    else's file only for those who may see what media cost, as a row may hold it.
    """
    row = await uploads.one(connection, upload_id)
    if row is None:
        raise NotFound("upload")
    hidden = await hidden_from(connection, caller, row["client_no"])
    rejected = await _rejected(connection, row) if not hidden or row["uploader"] == caller.id else []
    return ExactJSON({**detailed(row, hidden), "rejected_rows": rejected})


async def _rejected(connection: AsyncConnection, row: RowMapping) -> list[dict[str, Any]]:
    rows = await uploads.rejected(connection, row["client_no"], row["ingestion_run_id"], SHOWN_REJECTED)
    return list(map(dict, rows))


async def _watched(upload_id: UUID, caller: Signed, parts: Wired) -> UUID:
    await found(parts, caller, upload_id)
    return upload_id


@router.get(
    "/{upload_id}/events",
    response_class=EventSourceResponse,
    summary="Progress as server-sent events",
    responses=documents.EVENTS,
)
async def events(
    upload_id: Annotated[UUID, Depends(_watched)], caller: Signed, parts: Wired
) -> AsyncIterator[ServerSentEvent]:
    """An event `upload` now and at each change; the stream ends when the upload is completed or failed."""
    async for change in changes(parts, caller, upload_id):
        yield ServerSentEvent(raw_data=exact_json(change).decode(), event="upload")


@router.delete("/{upload_id}", summary="Delete an upload's record", responses=documents.DELETED)
async def delete(
    upload_id: UUID,
    caller: Admin,
    connection: Database,
    undo: Annotated[bool, Query(description="Take the data back, too.")] = False,
) -> ExactJSON:
    """The record goes; with `undo` what the upload changed is put back as well (202: it happens soon)."""
    row = await uploads.one(connection, upload_id, lock=True)
    if row is None:
        raise NotFound("upload")
    queued = await _delete(connection, caller, row, undo=undo)
    answer = {"upload_id": upload_id, "deleted": True, "undo": "queued" if queued else None}
    return ExactJSON(answer, 202 if queued else 200)


async def _delete(connection: AsyncConnection, caller: Caller, row: RowMapping, *, undo: bool) -> bool:
    """Whether its data is to be taken back, too."""
    _must_be_over(row)
    queued = undo and row["run_status"] in UNDOABLE
    if queued:
        await _take_back(connection, caller, row)
    await uploads.delete(connection, row["client_no"], row["upload_id"])
    old = {name: str(row[name]) for name in TOLD}
    await caller.audit(connection, "upload.deleted", "upload", row["upload_id"], old=old, new={"undo": undo})
    return queued


def _must_be_over(row: RowMapping) -> None:
    if row["run_status"] in rules.OPEN:
        raise Conflict(
            f"This upload is {row['status']} (its run is {row['run_status']}): wait until it has ended.",
            status=row["status"],
        )


async def _take_back(connection: AsyncConnection, caller: Caller, row: RowMapping) -> None:
    message = RunUndo(client_id=row["client_id"], run_id=row["ingestion_run_id"], requested_by=caller.email)
    await outbox.put(connection, SOURCE, "run.undo", message)
