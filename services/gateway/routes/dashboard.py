"""What the dashboard page shows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.answers import ExactJSON
from libs.http.errors import Invalid
from libs.metrics.registry import BY_NAME, Metric
from services.gateway.frames import Level
from services.gateway.routes import levels, sections
from services.gateway.routes.access import Snapshot, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.levels import SortBy
from services.gateway.routes.scope import Paged, Scope, Scoped
from services.gateway.rules import examples
from services.gateway.rules.lists import Paging
from services.gateway.store import rollups

router = APIRouter(prefix="/dashboard", tags=["dashboard"])
FIRST = Paging(page_size=10)
"""Of each list on the page; the list endpoints have the rest."""
By = Literal["day", "week", "month"]
Metrics = Annotated[
    list[str],
    Query(alias="metric", max_length=20, description="Left out: all that you may see."),
]


@router.get("", summary="Everything that the page draws", responses=answers(examples.PAGE))
async def whole(scope: Scoped, connection: Snapshot, parts: Wired) -> ExactJSON:
    """All sections over one state of the data: totals, the first ten rows of each list, trends, freshness."""
    heading = await _heading(connection, scope)
    return ExactJSON({**heading, **await _sections(parts.cache, connection, scope)})


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
async def summary(scope: Scoped, connection: Snapshot) -> ExactJSON:
    """Sums, ratios computed from sums, and changes against the period of the same length before."""
    return ExactJSON({**await _heading(connection, scope), **await sections.summary(connection, scope)})


@router.get(
    "/campaigns",
    summary="Campaigns with figures",
    responses=answers({**examples.HEADING, **examples.ranked("campaign")}),
)
async def campaigns(
    scope: Scoped, connection: Snapshot, parts: Wired, paging: Paged, sort_by: SortBy = "spend"
) -> ExactJSON:
    """A page of the campaigns with rows in the range; the totals are those of all of them."""
    found = await levels.listing(parts.cache, connection, scope, "campaign", sort_by, paging)
    return ExactJSON({**await _heading(connection, scope), **found})


@router.get(
    "/strategies",
    summary="Strategies with figures",
    responses=answers({**examples.HEADING, **examples.ranked("strategy")}),
)
async def strategies(
    scope: Scoped, connection: Snapshot, parts: Wired, paging: Paged, sort_by: SortBy = "spend"
) -> ExactJSON:
    """A page of the strategies with rows in the range; the totals are those of all of them."""
    found = await levels.listing(parts.cache, connection, scope, "strategy", sort_by, paging)
    return ExactJSON({**await _heading(connection, scope), **found})


@router.get(
    "/placements",
    summary="Placements with figures",
    responses=answers({**examples.HEADING, **examples.ranked("placement")}),
)
async def placements(
    scope: Scoped, connection: Snapshot, parts: Wired, paging: Paged, sort_by: SortBy = "spend"
) -> ExactJSON:
    """A page of the placements with rows in the range; the totals are those of all of them."""
    found = await levels.listing(parts.cache, connection, scope, "placement", sort_by, paging)
    return ExactJSON({**await _heading(connection, scope), **found})


@router.get(
    "/creatives",
    summary="Creatives with figures",
    responses=answers({**examples.HEADING, **examples.ranked("creative")}),
)
async def creatives(
    scope: Scoped, connection: Snapshot, parts: Wired, paging: Paged, sort_by: SortBy = "spend"
) -> ExactJSON:
    """A page of the creatives with rows in the range; the totals are those of all of them."""
    found = await levels.listing(parts.cache, connection, scope, "creative", sort_by, paging)
    return ExactJSON({**await _heading(connection, scope), **found})


@router.get(
    "/trends",
    summary="Figures by day, week or month",
    responses=answers({**examples.HEADING, **examples.TRENDS}),
)
async def trend(
    scope: Scoped,
    connection: Snapshot,
    by: Annotated[By, Query(description="ISO weeks start on Monday.")] = "day",
    metric: Metrics = [],  # noqa: B006 - FastAPI copies it
) -> ExactJSON:
    """Each point is `ok`, `provisional` (its source may still restate it) or `no_data` with a reason."""
    points = await sections.trend(connection, scope, by, _chosen(scope, metric))
    return ExactJSON({**await _heading(connection, scope), "by": by, "points": points})


@router.get(
    "/source-breakdown",
    summary="Figures by source",
    responses=answers({**examples.HEADING, **examples.BREAKDOWN}),
)
async def source_breakdown(scope: Scoped, connection: Snapshot) -> ExactJSON:
    """Each source with its figures and its share."""
    return ExactJSON({**await _heading(connection, scope), **await sections.breakdown(connection, scope)})


@router.get(
    "/freshness",
    summary="What is there, and what is missing",
    responses=answers({**examples.HEADING, "data": examples.FRESHNESS}),
)
async def freshness(scope: Scoped, connection: Snapshot) -> ExactJSON:
    """For each source the latest delivered day, missing days, and since when figures may still move."""
    found = await sections.freshness(connection, scope)
    return ExactJSON({**await _heading(connection, scope), "data": found})


def _chosen(scope: Scope, names: list[str]) -> tuple[Metric, ...]:
    for name in names:
        if BY_NAME.get(name) not in scope.metrics:
            raise Invalid("metric", "not one of " + ", ".join(metric.name for metric in scope.metrics))
    return tuple(metric for metric in scope.metrics if not names or metric.name in names)


async def _heading(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    versions = await rollups.data_version(connection, scope.client_ids)
    return {
        **scope.heading(),
        "maturity": await sections.maturity(connection, scope),
        "data_version": sum(versions.values()),
    }


async def _sections(cache: levels.Cache, connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    lists = {
        plural: await levels.listing(cache, connection, scope, level, "spend", FIRST)
        for level, plural in LISTS.items()
    }
    return {
        "summary": await sections.summary(connection, scope),
        **lists,
        "trends": {"by": "day", "points": await sections.trend(connection, scope, "day", scope.metrics)},
        "source_breakdown": await sections.breakdown(connection, scope),
        "weekly_summary": await sections.period_summary(connection, scope, "week"),
        "monthly_summary": await sections.period_summary(connection, scope, "month"),
        "freshness": await sections.freshness(connection, scope),
    }
