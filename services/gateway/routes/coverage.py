"""Which days are there, and which numbers changed after they had been told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotFound
from libs.operations import coverage, restatements
from libs.operations.days import STATES, State
from libs.reading import ranges
from libs.reading.lists import Paging, listed
from services.gateway.routes.access import Admin, Snapshot
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import EndDate, OneSource, Paged, StartDate, days_of
from services.gateway.rules import examples, run_records
from services.gateway.rules.kinds import Day
from services.gateway.store import clients

router = APIRouter(prefix="/admin", tags=["ingestion"])
MOST_DAYS = 40_000
"""Of one answer: days × sources of clients on the page."""
OneClient = Annotated[UUID | None, Query(description="Only this client, even if it is disabled.")]
States = Annotated[
    list[State],
    Query(alias="status", max_length=len(STATES), description="Show only days in these states."),
]


def asked_of(
    client_id: OneClient = None,
    source: OneSource = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    status: States = [],  # noqa: B006 - FastAPI copies it
) -> coverage.Asked:
    """From the query. Raises 422."""
    today = datetime.now(UTC).date()
    days = days_of(start_date, end_date, today, row_level=True)
    return coverage.Asked(days.start, days.end, client_id, source, status)


@router.get(
    "/coverage",
    summary="Client × source × day: what is there and what is missing",
    description="States of a day: " + "; ".join(f"`{name}`: {what}" for name, what in STATES.items()) + ".",
    responses=answers(
        {
            **examples.page(run_records.COVERAGE),
            "date_range": {"start": "2026-03-11", "end": "2026-03-12"},
        }
    ),
)
async def covered(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    asked: Annotated[coverage.Asked, Depends(asked_of)],
    sort_by: coverage.SortBy = "client_name",
) -> ExactJSON:
    """A line for each source of a client, by the client's name; days of the account."""
    await _must_exist(connection, asked.client_id)
    return ExactJSON(await _page(connection, asked, sort_by, paging))


async def _page(
    connection: AsyncConnection, asked: coverage.Asked, sort_by: coverage.SortBy, paging: Paging
) -> dict[str, Any]:
    days = ranges.Range(asked.start, asked.end)
    total, pairs = await coverage.pairs(
        connection,
        asked,
        limit=paging.page_size,
        offset=paging.offset,
        sort_by=sort_by,
        descending=paging.order == "desc",
    )
    if len(pairs) * days.days > MOST_DAYS:
        raise Invalid("page_size", f"{len(pairs)} sources over {days.days} days: ask for fewer of either")
    found = await coverage.rows(connection, pairs, asked, datetime.now(UTC))
    return {**listed(total, paging, found), "date_range": days.as_typed()}


def filters_of(
    client_id: OneClient = None,
    source: Source | None = None,
    kind: Annotated[
        Literal["load", "undo", "repricing", "deletion"] | None, Query(description="What changed it.")
    ] = None,
    start_date: Annotated[Day | None, Query(description="First day whose numbers changed.")] = None,
    end_date: Annotated[Day | None, Query(description="Last day whose numbers changed.")] = None,
) -> dict[str, Any]:
    """From the query; without days all of them. Raises 422."""
    if start_date and end_date and end_date < start_date:
        raise Invalid("end_date", f"{end_date} is before start_date {start_date}")
    days = {"start": start_date, "end": end_date}
    return {"client": client_id, "source": source, "kind": kind, **days}


@router.get(
    "/restatements",
    summary="Numbers that changed: which run, which file, when",
    responses=answers(examples.page(run_records.RESTATEMENT)),
)
async def restated(
    caller: Admin,
    connection: Snapshot,
    paging: Paged,
    filters: Annotated[dict[str, Any], Depends(filters_of)],
    sort_by: Literal["changed_at", "date"] = "changed_at",
) -> ExactJSON:
    """Newest first. `earlier` says what the number before came from; first deliveries are not listed."""
    await _must_exist(connection, filters["client"])
    total, rows = await restatements.page(
        connection, filters, sort_by, _direction(paging), paging.page_size, paging.offset
    )
    return ExactJSON(listed(total, paging, rows))


def _direction(paging: Paging) -> str:
    return "ASC" if paging.order == "asc" else "DESC"


async def _must_exist(connection: AsyncConnection, client_id: UUID | None) -> None:
    if client_id is not None and await clients.one(connection, client_id) is None:
        raise NotFound("client")
