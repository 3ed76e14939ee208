"""Runs: what came in, what was refused, what to do about it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from contracts.envelope import Source
from libs.db.engine import tenant
from libs.exports.cells import harmless
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotFound
from libs.reading.lists import Paging, listed, without
from services.gateway.routes.access import Admin, Caller, Database, Snapshot, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples, run_records
from services.gateway.rules.bodies import Body, Text
from services.gateway.rules.kinds import Day
from services.gateway.store import runs

router = APIRouter(prefix="/admin/ingestion-logs", tags=["ingestion"])
SHOWN_REJECTED = 100
LEDGER_LINES = 1_000
"""Of one answer."""
LedgerPage = Annotated[
    int, Query(ge=1, le=1_000_000, description=f"Of the ledger: {LEDGER_LINES:,} lines each.")
]
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


def filters_of(
    source: Source | None = None,
    client_id: UUID | None = None,
    status: Status | None = None,
    start_date: Annotated[Day | None, Query(description="First day that the run is for.")] = None,
    end_date: Annotated[Day | None, Query(description="Last day that the run is for.")] = None,
) -> dict[str, Any]:
    """From the query. `success` and `processing` are understood as statuses, too."""
    if start_date and end_date and end_date < start_date:
        raise Invalid("end_date", f"{end_date} is before start_date {start_date}")
    statuses = runs.STATUSES.get(status, [status]) if status else None
    days = {"start": start_date, "end": end_date}
    return {"source": source, "client": client_id, "statuses": statuses, **days}


@router.get("", summary="Runs, newest first", responses=answers(examples.page(run_records.ONE_RUN)))
async def listing(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    filters: Annotated[dict[str, Any], Depends(filters_of)],
    sort_by: Sort = "started_at",
) -> ExactJSON:
    """One line for each run: what came in, and how it ended."""
    return ExactJSON(listed(*await runs.page(connection, filters, sort_by, paging)))


@router.get(
    "/{run_id}", summary="One run, with rejected rows and ledger", responses=answers(run_records.RUN_DETAILS)
)
async def details(
    run_id: UUID, caller: Admin, connection: Snapshot, ledger_page: LedgerPage = 1
) -> ExactJSON:
    """Counts, warnings, the first of `rows_rejected` rejected rows, and for each date the totals before and
    after: `ledger_total` lines in pages.
    """
    run = await found(connection, run_id)
    rejected = await runs.rejected(connection, run["client_no"], run_id, SHOWN_REJECTED)
    ledger = await _ledger(connection, run, Paging(ledger_page, LEDGER_LINES))
    answer = without(run, "client_no", "run_no")
    return ExactJSON({**answer, "rejected_rows": list(map(dict, rejected)), **ledger})


@router.get(
    "/{run_id}/rejected.csv",
    summary="All rejected rows as CSV",
    response_class=Response,
    responses=answers("row_number,reasons,raw\r\n17,impressions is negative,…\r\n", kind="text/csv"),
)
async def rejected_csv(run_id: UUID, caller: Admin, connection: Snapshot, parts: Wired) -> Response:
    """Row number, reasons and raw cells. Cells that a spreadsheet would run as a formula are neutralised."""
    run = await found(connection, run_id)
    async with seen_by(parts.engine, caller) as noting:
        told = {"format": "csv", "client_id": run["client_id"], "rows": run["rows_rejected"]}
        await caller.audit(noting, "rejected_rows.downloaded", "run", run_id, new=told)
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


@router.post(
    "/{run_id}/resolve",
    summary="Note that somebody took care of it",
    responses=answers(
        {
            "run_id": examples.RUN,
            "resolution_status": "resolved",
            "resolution_notes": "asked the agency to export it again",
        }
    ),
)
async def resolve(
    run_id: UUID,
    caller: Admin,
    connection: Database,
    notes: Annotated[str, Depends(notes_of)],
) -> ExactJSON:
    """Marks the run as resolved and keeps the notes."""
    run = await found(connection, run_id, lock=True)
    await runs.resolve(connection, run["client_no"], run_id, notes=notes, by=caller.id)
    old = {"status": run["resolution_status"], "notes": run["resolution_notes"]}
    await caller.audit(connection, "run.resolved", "run", run_id, old=old, new={"notes": notes})
    return ExactJSON({"run_id": run_id, "resolution_status": "resolved", "resolution_notes": notes})


async def found(connection: AsyncConnection, run_id: UUID, *, lock: bool = False) -> RowMapping:
    run = await runs.one(connection, run_id, lock=lock)
    if run is None:
        raise NotFound("run")
    return run


async def _ledger(connection: AsyncConnection, run: RowMapping, paging: Paging) -> dict[str, Any]:
    total, lines = await runs.ledger(connection, run["client_no"], run["run_no"], paging)
    changed = [
        {**line, "totals_before": _exact(line["totals_before"]), "totals_after": _exact(line["totals_after"])}
        for line in map(dict, lines)
    ]
    return {"ledger_total": total, "ledger_page": paging.page, "ledger": changed}


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
