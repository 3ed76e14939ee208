"""Runs: what came in, what was refused, what to do about it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from contracts.envelope import Message, Source
from contracts.ingest.v1 import ReloadRequested
from contracts.load.v1 import RunConfirmed, RunUndo
from libs.db.engine import tenant
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict, Invalid, NotFound
from services.gateway.routes.access import Admin, Caller, Database, Snapshot, Wired
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.scope import Paged
from services.gateway.rules.bodies import Body, Text
from services.gateway.rules.cells import harmless
from services.gateway.rules.lists import listed, without
from services.gateway.rules.work import UNDOABLE
from services.gateway.store import runs, work

router = APIRouter(prefix="/admin/ingestion-logs", tags=["ingestion"])
SHOWN_REJECTED = 100
Status = Literal[
    "running",
    "stalled",
    "held",
    "loaded",
    "partial",
    "unchanged",
    "superseded",
    "missing_file",
    "failed",
    "undone",
    "success",
    "processing",
]
Sort = Literal["started_at", "run_date", "status", "rows_loaded", "rows_rejected"]


class Resolution(Body):
    """What was done about a run; ``resolution_notes`` may also be given in the query."""

    resolution_notes: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={"example": {"resolution_notes": "asked the agency to export it again"}}
    )


class Reload(Body):
    """How to read the raw file again."""

    allow_shrink: bool = False

    model_config = ConfigDict(json_schema_extra={"example": {"allow_shrink": False}})


def filters_of(
    source: Source | None = None,
    client_id: UUID | None = None,
    status: Status | None = None,
    start_date: Annotated[date | None, Query(description="First day that the run is for.")] = None,
    end_date: Annotated[date | None, Query(description="Last day that the run is for.")] = None,
) -> dict[str, Any]:
    """From the query. `success` and `processing` are understood as statuses, too."""
    if start_date and end_date and end_date < start_date:
        raise Invalid("end_date", f"{end_date} is before start_date {start_date}")
    statuses = runs.STATUSES.get(status, [status]) if status else None
    days = {"start": start_date, "end": end_date}
    return {"source": source, "client": client_id, "statuses": statuses, **days}


@router.get("", summary="Runs, newest first")
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    filters: Annotated[dict[str, Any], Depends(filters_of)],
    sort_by: Sort = "started_at",
) -> ExactJSON:
    """One line for each run: what came in, and how it ended."""
    return ExactJSON(listed(*await runs.page(connection, filters, sort_by, paging)))


@router.get("/{run_id}", summary="One run, with rejected rows and ledger")
async def details(run_id: UUID, caller: Admin, connection: Snapshot) -> ExactJSON:
    """Counts, warnings, the first rejected rows, and for each date the totals before and after."""
    run = await _found(connection, run_id)
    rejected = await runs.rejected(connection, run["client_no"], run_id, SHOWN_REJECTED)
    ledger = await runs.ledger(connection, run["client_no"], run["run_no"])
    changed = [
        {**row, "totals_before": _exact(row["totals_before"]), "totals_after": _exact(row["totals_after"])}
        for row in map(dict, ledger)
    ]
    answer = without(run, "client_no", "run_no")
    return ExactJSON({**answer, "rejected_rows": list(map(dict, rejected)), "ledger": changed})


@router.get("/{run_id}/rejected.csv", summary="All rejected rows as CSV", response_class=Response)
async def rejected_csv(run_id: UUID, caller: Admin, connection: Snapshot, parts: Wired) -> Response:
    """Row number, reasons and raw cells. Cells that a spreadsheet would run as a formula are neutralised."""
    run = await _found(connection, run_id)
    lines = _csv_lines(parts, caller, run)
    name = f"rejected-{run['source']}-{run['run_date'] or 'undated'}-{run_id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def notes_of(
    resolution: Resolution | None = None, resolution_notes: Annotated[Text | None, Query()] = None
) -> str:
    """From the body, or from the query. Raises 422 where they are in neither."""
    notes = (resolution.resolution_notes if resolution else None) or resolution_notes
    if not notes:
        raise Invalid("resolution_notes", "say what was done")
    return notes


@router.post("/{run_id}/resolve", summary="Note that somebody took care of it")
async def resolve(
    run_id: UUID,
    caller: Admin,
    connection: Database,
    notes: Annotated[str, Depends(notes_of)],
) -> ExactJSON:
    """Marks the run as resolved and keeps the notes."""
    run = await _found(connection, run_id, lock=True)
    await runs.resolve(connection, run["client_no"], run_id, notes=notes, by=caller.id)
    old = {"status": run["resolution_status"], "notes": run["resolution_notes"]}
    await caller.audit(connection, "run.resolved", "run", run_id, old=old, new={"notes": notes})
    return ExactJSON({"run_id": run_id, "resolution_status": "resolved", "resolution_notes": notes})


@router.post("/{run_id}/confirm", status_code=202, summary="Load a held run after all")
async def confirm(run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce) -> Response:
    """A run is held when it would remove more than half of a day; this says that it is right."""

    async def work_() -> dict[str, Any]:
        run = await _found(connection, run_id, lock=True)
        _must_be(run, ("held",), "confirmed")
        message = RunConfirmed(client_id=run["client_id"], run_id=run_id, confirmed_by=caller.email)
        return await _asked(connection, caller, run, "run.confirmed", message)

    return await once(work_)


@router.post("/{run_id}/undo", status_code=202, summary="Take a run back")
async def undo(run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce) -> Response:
    """Puts back what the run displaced, for the dates that no later run touched."""

    async def work_() -> dict[str, Any]:
        run = await _found(connection, run_id, lock=True)
        _must_be(run, UNDOABLE, "undone")
        message = RunUndo(client_id=run["client_id"], run_id=run_id, requested_by=caller.email)
        return await _asked(connection, caller, run, "run.undo", message)

    return await once(work_)


@router.post("/{run_id}/reload", status_code=202, summary="Read the raw file again")
async def reload(
    run_id: UUID, caller: Admin, connection: Database, once: OnlyOnce, wanted: Reload | None = None
) -> Response:
    """A new run from the archived bytes, with today's settings."""

    async def work_() -> dict[str, Any]:
        run = await _found(connection, run_id, lock=True)
        if not run["artifact"]:
            raise Conflict("This run has no raw file in the archive.", status=run["status"])
        shrink = wanted is not None and wanted.allow_shrink
        message = ReloadRequested(client_id=run["client_id"], run_id=run_id, allow_shrink=shrink)
        return await _asked(connection, caller, run, f"reload.requested.{run['source']}", message)

    return await once(work_)


async def _found(connection: AsyncConnection, run_id: UUID, *, lock: bool = False) -> RowMapping:
    run = await runs.one(connection, run_id, lock=lock)
    if run is None:
        raise NotFound("run")
    return run


def _must_be(run: RowMapping, statuses: tuple[str, ...], what: str) -> None:
    if run["status"] not in statuses:
        wanted = " or ".join(statuses)
        raise Conflict(
            f"This run is {run['status']}; only one that is {wanted} can be {what}.", status=run["status"]
        )


async def _asked(
    connection: AsyncConnection, caller: Caller, run: RowMapping, key: str, message: Message
) -> dict[str, Any]:
    queued = await work.ask(connection, key, message)
    await caller.audit(
        connection, key, "run", run["run_id"], old={"status": run["status"]}, new=queued["message"]
    )
    return {**queued, "run_id": run["run_id"]}


def _exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


async def _csv_lines(parts: Any, caller: Caller, run: RowMapping) -> AsyncIterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["row_number", "reasons", "raw"])
    async with tenant(parts.engine, role=caller.role, client_ids=caller.client_ids) as connection:
        async for page in runs.rejected_pages(connection, run["client_no"], run["run_id"]):
            for row in page:
                raw = json.dumps(row["raw"], ensure_ascii=False)
                writer.writerow([row["row_number"], harmless("; ".join(row["reasons"])), harmless(raw)])
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
