"""Weekly and monthly summaries, as the aggregator keeps them, with the names of today."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from starlette.responses import Response

from libs.http.errors import Invalid
from libs.reading import sections
from libs.reading.lists import Paging, listed
from libs.reading.reading import Reading
from libs.reading.store import summaries
from services.gateway.routes.access import Signed, Snapshot, Wired
from services.gateway.routes.answering import answered
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import ClientIds, EndDate, Paged, StartDate, scope_of
from services.gateway.rules import metric_examples

router = APIRouter(prefix="/metrics", tags=["metrics"])


async def whole_client(
    caller: Signed,
    connection: Snapshot,
    parts: Wired,
    client_id: ClientIds = [],  # noqa: B006 - FastAPI copies it
    start_date: StartDate = None,
    end_date: EndDate = None,
) -> Reading:
    """From the query. Raises 422 for several clients."""
    scope = await scope_of(caller, connection, client_id, start_date, end_date)
    if len(scope.clients) > 1:
        raise Invalid("client_id", "summaries are of one client: ask for one at a time")
    return Reading(parts.cache, connection, scope)


ReadWhole = Annotated[Reading, Depends(whole_client)]


@router.get("/weekly", summary="Weekly summaries", responses=answers(metric_examples.summaries("week")))
async def weekly(read: ReadWhole, paging: Paged, sort_by: Literal["week_start"] = "week_start") -> Response:
    """ISO weeks that touch the range, newest first: sums, ratios, changes, top lists, underperformers."""
    return await answered(read, "weeks", lambda: _page(read, "week", paging), paging)


@router.get("/monthly", summary="Monthly summaries", responses=answers(metric_examples.summaries("month")))
async def monthly(
    read: ReadWhole, paging: Paged, sort_by: Literal["month_start"] = "month_start"
) -> Response:
    """Months that touch the range, newest first: sums, ratios, changes, top lists, underperformers."""
    return await answered(read, "months", lambda: _page(read, "month", paging), paging)


async def _page(read: Reading, period: Literal["week", "month"], paging: Paging) -> dict[str, Any]:
    scope = read.scope
    total, rows = await summaries.page(read.connection, scope.client_ids[0], period, scope.days, paging)
    shown = await sections.shown_summaries(read, period, rows)
    return listed(total, paging, shown)
