"""What the dashboard page shows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from libs.reading import levels, sections
from libs.reading.frames import Level
from libs.reading.levels import SortBy
from libs.reading.lists import Paging
from libs.reading.reading import Reading
from services.gateway.routes.answering import answered
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import By, Paged, ReadChosen
from services.gateway.rules import examples

router = APIRouter(prefix="/dashboard", tags=["dashboard"])
FIRST = Paging(page_size=10)
"""Of each list on the page; the list endpoints have the rest."""


@router.get("", summary="Everything that the page draws", responses=answers(examples.PAGE))
async def whole(read: ReadChosen) -> Response:
    """All sections over one state of the data: totals, the first ten rows of each list, trends, freshness.

    `metric` chooses the figures of all sections but the weekly and monthly summaries.
    """
    return await answered(read, "page", lambda: _sections(read))


LISTS: dict[Level, str] = {
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}


@router.get(
    "/summary", summary="Totals of a range", responses=answers({**examples.HEADING, **examples.SUMMARY})
)
@router.get(
    "/overview",
    summary="Totals of a range (the same as /summary)",
    responses=answers({**examples.HEADING, **examples.SUMMARY}),
)
async def summary(read: ReadChosen) -> Response:
    """Sums, ratios computed from sums, and changes against the period of the same length before."""
    return await answered(read, "summary", lambda: sections.summary(read))


@router.get(
    "/campaigns",
    summary="Campaigns with figures",
    responses=answers({**examples.HEADING, **examples.ranked("campaign")}),
)
async def campaigns(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> Response:
    """A page of the campaigns with rows in the range; the totals are those of all of them."""
    return await _listed(read, "campaign", sort_by, paging)


@router.get(
    "/strategies",
    summary="Strategies with figures",
    responses=answers({**examples.HEADING, **examples.ranked("strategy")}),
)
async def strategies(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> Response:
    """A page of the strategies with rows in the range; the totals are those of all of them."""
    return await _listed(read, "strategy", sort_by, paging)


@router.get(
    "/placements",
    summary="Placements with figures",
    responses=answers({**examples.HEADING, **examples.ranked("placement")}),
)
async def placements(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> Response:
    """A page of the placements with rows in the range; the totals are those of all of them."""
    return await _listed(read, "placement", sort_by, paging)


@router.get(
    "/creatives",
    summary="Creatives with figures",
    responses=answers({**examples.HEADING, **examples.ranked("creative")}),
)
async def creatives(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> Response:
    """A page of the creatives with rows in the range; the totals are those of all of them."""
    return await _listed(read, "creative", sort_by, paging)


@router.get(
    "/trends",
    summary="Figures by day, week or month",
    responses=answers({**examples.HEADING, **examples.TRENDS}),
)
async def trend(read: ReadChosen, by: By = "day") -> Response:
    """Each point is `ok`, `provisional` (its source may still restate it) or `no_data` with a reason."""
    return await answered(read, "trend", lambda: _trend(read, by), by)


@router.get(
    "/source-breakdown",
    summary="Figures by source",
    responses=answers({**examples.HEADING, **examples.BREAKDOWN}),
)
async def source_breakdown(read: ReadChosen) -> Response:
    """Each source with its figures and its share."""
    return await answered(read, "breakdown", lambda: sections.breakdown(read))


@router.get(
    "/freshness",
    summary="What is there, and what is missing",
    responses=answers({**examples.HEADING, "data": examples.FRESHNESS}),
)
async def freshness(read: ReadChosen) -> Response:
    """For each source the latest delivered day, missing days, and since when figures may still move."""
    return await answered(read, "freshness", lambda: _freshness(read))


async def _listed(read: Reading, level: Level, sort_by: SortBy, paging: Paging) -> Response:
    return await answered(read, level, lambda: levels.listing(read, level, sort_by, paging), sort_by, paging)


async def _trend(read: Reading, by: By) -> dict[str, Any]:
    return {"by": by, "points": await sections.trend(read, by, read.scope.shown)}


async def _freshness(read: Reading) -> dict[str, Any]:
    return {"data": await sections.freshness(read)}


async def _sections(read: ReadChosen) -> dict[str, Any]:
    lists = {plural: await levels.listing(read, level, "spend", FIRST) for level, plural in LISTS.items()}
    return {
        "summary": await sections.summary(read),
        **lists,
        "trends": await _trend(read, "day"),
        "source_breakdown": await sections.breakdown(read),
        "weekly_summary": await sections.period_summary(read, "week"),
        "monthly_summary": await sections.period_summary(read, "month"),
        "freshness": await sections.freshness(read),
    }
