"""Asking for data: one pull, or many days of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.envelope import Source
from contracts.ingest.v1 import PullRequested
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotFound, Problem
from libs.operations import backfills
from libs.reading import ranges
from libs.reading.lists import without
from services.gateway.routes.access import Admin, Caller, Database, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.scope import days_of
from services.gateway.rules import examples, records, run_records
from services.gateway.rules import work as rules
from services.gateway.rules.bodies import Body
from services.gateway.rules.kinds import Day
from services.gateway.store import clients, work

router = APIRouter(prefix="/admin", tags=["ingestion"])


class Pull(Body):
    """What to fetch. Each field may also be given in the query."""

    source: Source | None = None
    client_id: UUID | None = None
    date: Day | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"source": "surfside", "date": "2026-03-01"}})


class Backfill(Body):
    """Which days to fetch, both included. Each field may also be given in the query."""

    source: Source | None = None
    client_id: UUID | None = None
    start_date: Day | None = None
    end_date: Day | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "source": "surfside",
                "client_id": "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10",
                "start_date": "2026-01-01",
                "end_date": "2026-01-31",
            }
        }
    )


def pull_of(
    pull: Pull | None = None,
    source: Annotated[Source | None, Query()] = None,
    client_id: Annotated[UUID | None, Query()] = None,
    date: Annotated[Day | None, Query()] = None,
) -> Pull:
    """From the body, and from the query what the body leaves out."""
    typed = pull or Pull()
    return Pull(
        source=typed.source or source, client_id=typed.client_id or client_id, date=typed.date or date
    )


def backfill_of(
    backfill: Backfill | None = None,
    source: Annotated[Source | None, Query()] = None,
    client_id: Annotated[UUID | None, Query()] = None,
    start_date: Annotated[Day | None, Query()] = None,
    end_date: Annotated[Day | None, Query()] = None,
) -> Backfill:
    """From the body, and from the query what the body leaves out."""
    typed = backfill or Backfill()
    return Backfill(
        source=typed.source or source,
        client_id=typed.client_id or client_id,
        start_date=typed.start_date or start_date,
        end_date=typed.end_date or end_date,
    )


@router.post(
    "/trigger-ingestion",
    status_code=202,
    summary="Pull a source now",
    responses=answers(
        {
            **records.queued("pull.requested.surfside", start_date="2026-03-01", end_date="2026-03-01"),
            "source": "surfside",
            "clients": ["Northwind Outfitters"],
        },
        202,
    ),
)
async def trigger(
    caller: Admin, connection: Database, once: OnlyOnce, pull: Annotated[Pull, Depends(pull_of)]
) -> Response:
    """Queues a pull of one client, or of all enabled ones; of one day, or of the usual window."""
    return await once(lambda: _pull(connection, caller, pull))


@router.post(
    "/backfill-historical",
    status_code=202,
    summary="Pull a range of days",
    responses=answers(
        {
            **records.queued("pull.requested.surfside", start_date="2026-01-01", end_date="2026-01-31"),
            "messages": [{"start_date": "2026-01-01", "end_date": "2026-01-31"}],
            "backfill_id": examples.RATE,
            "status_url": f"/api/v1/admin/backfills/{examples.RATE}",
        },
        202,
    ),
)
async def backfill(
    caller: Admin, connection: Database, once: OnlyOnce, wanted: Annotated[Backfill, Depends(backfill_of)]
) -> Response:
    """Queues the days of one client and source; days that are loaded and unchanged stay as they are.

    Days whose newest run failed, found no file or was undone are begun afresh.
    """
    return await once(lambda: _backfill(connection, caller, wanted))


@router.get(
    "/backfills/{backfill_id}", summary="How far a backfill is", responses=answers(run_records.BACKFILL)
)
async def progress(backfill_id: UUID, caller: Admin, connection: Snapshot) -> ExactJSON:
    """Each day with its state, and how many are done."""
    job = await backfills.one(connection, backfill_id)
    if job is None:
        raise NotFound("backfill")
    days = backfills.Slice(job["client_no"], job["source"], job["start_date"], job["end_date"])
    state = await backfills.state(connection, days, job["created_at"])
    return ExactJSON({**without(job, "client_no"), **state})


async def _pull(connection: AsyncConnection, caller: Caller, pull: Pull) -> dict[str, Any]:
    source, day = pull.source, pull.date
    chosen = await _pulled_clients(connection, source, pull.client_id)
    for client in chosen if day else ():
        _check_days(source, client, day, day)
    message = PullRequested(client_id=pull.client_id, start_date=day, end_date=day)
    queued = await work.ask(connection, f"pull.requested.{source}", message)
    await caller.audit(connection, "ingestion.triggered", "source", source, new=queued["message"])
    return {**queued, "source": source, "clients": [client["name"] for client in chosen]}


async def _backfill(connection: AsyncConnection, caller: Caller, wanted: Backfill) -> dict[str, Any]:
    source, client_id, start, end = wanted.source, wanted.client_id, wanted.start_date, wanted.end_date
    missing = {name: ["needed"] for name, value in wanted if value is None}
    if client_id is None or start is None or end is None or source is None:
        raise Problem(422, f"{', '.join(missing)}: needed", field_errors=missing)
    (client,) = await _pulled_clients(connection, source, client_id)
    days_of(start, end, ranges.today_in(client["timezone"], datetime.now(UTC)), row_level=True)
    _check_days(source, client, start, end)
    days = backfills.Slice(client["id"], str(source), start, end)
    job = await backfills.add(connection, days, caller.id)
    pulls = await backfills.messages(connection, days, client_id)
    queued = [await work.ask(connection, f"pull.requested.{source}", pull) for pull in pulls]
    asked = {"source": source, "client_id": client_id, "start_date": start, "end_date": end}
    await caller.audit(connection, "backfill.requested", "backfill", job, new=asked)
    every = [each["message"] for each in queued]
    job_url = f"/api/v1/admin/backfills/{job}"
    return {**queued[0], "messages": every, "backfill_id": job, "status_url": job_url}


async def _pulled_clients(
    connection: AsyncConnection, source: Source | None, client_id: UUID | None
) -> list[RowMapping]:
    """The clients that a pull is for: active and enabled. Raises 404, or 422 where nothing can be pulled."""
    if source is None:
        raise Invalid("source", "needed")
    if refusal := rules.refusal_of_source(source):
        raise Invalid("source", refusal)
    if client_id is not None and await clients.one(connection, client_id) is None:
        raise NotFound("client")
    enabled = await work.enabled_clients(connection, source)
    chosen = [client for client in enabled if client_id in (None, client["public_id"])]
    if not chosen:
        who = "this client" if client_id else "any active client"
        raise Invalid(
            "source", f"{source} is not enabled for {who}: see PUT /clients/{{id}}/sources/{source}"
        )
    return chosen


def _check_days(source: Source | None, client: RowMapping, start: date | None, end: date | None) -> None:
    today = ranges.today_in(client["timezone"], datetime.now(UTC))
    if start and end and (refusal := rules.refusal_of_days(str(source), start, end, today)):
        raise Invalid("date", refusal)
