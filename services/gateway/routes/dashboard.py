"""What the dashboard page shows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from libs.http.answers import ExactJSON
from libs.reading import levels, sections
from libs.reading.frames import Level
from libs.reading.levels import SortBy
from libs.reading.lists import Paging
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import By, Paged, ReadChosen
from services.gateway.rules import examples

router = APIRouter(prefix="/dashboard", tags=["dashboard"])
FIRST = Paging(page_size=10)
"""Of each list on the page; the list endpoints have the rest."""


@router.get("", summary="Everything that the page draws", responses=answers(examples.PAGE))
async def whole(read: ReadChosen) -> ExactJSON:
    """All sections over one state of the data: totals, the first ten rows of each list, trends, freshness.

    `metric` chooses the figures of all sections but the weekly and monthly summaries.
    """
    heading = await sections.heading(read)
    return ExactJSON({**heading, **await _sections(read)})


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
async def summary(read: ReadChosen) -> ExactJSON:
    """Sums, ratios computed from sums, and changes against the period of the same length before."""
    return ExactJSON({**await sections.heading(read), **await sections.summary(read)})


@router.get(
    "/campaigns",
    summary="Campaigns with figures",
    responses=answers({**examples.HEADING, **examples.ranked("campaign")}),
)
async def campaigns(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> ExactJSON:
    """A page of the campaigns with rows in the range; the totals are those of all of them."""
    found = await levels.listing(read, "campaign", sort_by, paging)
    return ExactJSON({**await sections.heading(read), **found})


@router.get(
    "/strategies",
    summary="Strategies with figures",
    responses=answers({**examples.HEADING, **examples.ranked("strategy")}),
)
async def strategies(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> ExactJSON:
    """A page of the strategies with rows in the range; the totals are those of all of them."""
    found = await levels.listing(read, "strategy", sort_by, paging)
    return ExactJSON({**await sections.heading(read), **found})


@router.get(
    "/placements",
    summary="Placements with figures",
    responses=answers({**examples.HEADING, **examples.ranked("placement")}),
)
async def placements(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> ExactJSON:
    """A page of the placements with rows in the range; the totals are those of all of them."""
    found = await levels.listing(read, "placement", sort_by, paging)
    return ExactJSON({**await sections.heading(read), **found})


@router.get(
    "/creatives",
    summary="Creatives with figures",
    responses=answers({**examples.HEADING, **examples.ranked("creative")}),
)
async def creatives(read: ReadChosen, paging: Paged, sort_by: SortBy = "spend") -> ExactJSON:
    """A page of the creatives with rows in the range; the totals are those of all of them."""
    found = await levels.listing(read, "creative", sort_by, paging)
    return ExactJSON({**await sections.heading(read), **found})


@router.get(
    "/trends",
    summary="Figures by day, week or month",
    responses=answers({**examples.HEADING, **examples.TRENDS}),
)
async def trend(read: ReadChosen, by: By = "day") -> ExactJSON:
    """Each point is `ok`, `provisional` (its source may still restate it) or `no_data` with a reason."""
    points = await sections.trend(read, by, read.scope.shown)
    return ExactJSON({**await sections.heading(read), "by": by, "points": points})


@router.get(
    "/source-breakdown",
    summary="Figures by source",
    responses=answers({**examples.HEADING, **examples.BREAKDOWN}),
)
async def source_breakdown(read: ReadChosen) -> ExactJSON:
    """Each source with its figures and its share."""
    return ExactJSON({**await sections.heading(read), **await sections.breakdown(read)})


@router.get(
    "/freshness",
    summary="What is there, and what is missing",
    responses=answers({**examples.HEADING, "data": examples.FRESHNESS}),
)
async def freshness(read: ReadChosen) -> ExactJSON:
    """For each source the latest delivered day, missing days, and since when figures may still move."""
    found = await sections.freshness(read)
    return ExactJSON({**await sections.heading(read), "data": found})


async def _sections(read: ReadChosen) -> dict[str, Any]:
    lists = {plural: await levels.listing(read, level, "spend", FIRST) for level, plural in LISTS.items()}
    return {
        "summary": await sections.summary(read),
        **lists,
        "trends": {"by": "day", "points": await sections.trend(read, "day", read.scope.shown)},
        "source_breakdown": await sections.breakdown(read),
        "weekly_summary": await sections.period_summary(read, "week"),
        "monthly_summary": await sections.period_summary(read, "month"),
        "freshness": await sections.freshness(read),
    }
