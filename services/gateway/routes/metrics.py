"""Figures: trends with what they are compared with, the best and the worst."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from libs.http.answers import ExactJSON
from libs.metrics.periods import days_of, start_of
from libs.metrics.ranking import Thresholds, underperformers
from libs.metrics.registry import Metric
from libs.metrics.values import Sums, exact
from libs.reading import figures, frames, levels, ranges, sections, trends
from libs.reading.frames import Level
from libs.reading.levels import MetricName
from libs.reading.lists import Paging
from libs.reading.reading import Reading
from libs.reading.store import hierarchy
from services.gateway.routes.answering import answered
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import By, Read, ReadChosen
from services.gateway.rules import agreed, comparing, metric_examples

router = APIRouter(prefix="/metrics", tags=["metrics"])
Limit = Annotated[int, Query(ge=1, le=100, description="How many.")]
Order = Annotated[Literal["asc", "desc"], Query(description="Largest or smallest first.")]
MORE_IS_WORSE = ("spend", "media_cost", "cpc", "cpa", "cpm")
"""Of the other metrics less is."""


@router.get(
    "/trends", summary="Figures by day, week or month, compared", responses=answers(metric_examples.COMPARED)
)
async def trend(
    read: ReadChosen,
    by: By = "day",
    compare: Annotated[
        comparing.Compare | None, Query(description="Each point with the same days before it.")
    ] = None,
) -> Response:
    """Each point is `ok`, `provisional` or `no_data` with a reason, and so is what it is compared with."""
    days = read.scope.days
    other = comparing.compared(days, days, compare) if compare else days
    looked_at = ranges.Range(min(days.start, other.start), max(days.end, other.end))
    return await answered(
        read, "compared trend", lambda: _trend(read, by, compare), by, compare, days=looked_at
    )


@router.get(
    "/top-campaigns",
    summary="The first campaigns by a metric",
    responses=answers(metric_examples.top("campaign")),
)
async def top_campaigns(
    read: Read, metric: MetricName = "spend", limit: Limit = 10, order: Order = "desc"
) -> Response:
    """Those for which it was never measured are left out; the totals are those of all campaigns."""
    return await _ranked(read, "campaign", metric, order, limit)


@router.get(
    "/top-creatives",
    summary="The first creatives by a metric",
    responses=answers(metric_examples.top("creative")),
)
async def top_creatives(
    read: Read, metric: MetricName = "spend", limit: Limit = 10, order: Order = "desc"
) -> Response:
    """Those for which it was never measured are left out; the totals are those of all creatives."""
    return await _ranked(read, "creative", metric, order, limit)


@router.get(
    "/underperformers",
    summary="Campaigns below the client's thresholds",
    responses=answers(metric_examples.WEAK),
)
async def weak(
    read: Read, metric: MetricName = "spend", limit: Limit = 10, order: Order | None = None
) -> ExactJSON:
    """CTR under, spend over and conversions under them (GET /clients/{client_id}/settings); worst first."""
    shown = levels.visible_metric(read.scope, "metric", metric)
    found = await _weak(read)
    chosen = order or ("desc" if metric in MORE_IS_WORSE else "asc")
    known = [item for item in found if exact(shown, item[1]) is not None]
    known.sort(key=lambda item: exact(shown, item[1]) or 0, reverse=chosen == "desc")
    data = await _named_weak(read, known[:limit])
    asked = {"metric": metric, "order": chosen, "total": len(found)}
    return ExactJSON({**await sections.heading(read), **asked, "data": data})


async def _trend(read: Reading, by: By, compare: comparing.Compare | None) -> dict[str, Any]:
    metrics = read.scope.shown
    points = await sections.trend(read, by, metrics)
    answer = {"by": by, "totals": await sections.totals(read, metrics)}
    if compare is None:
        return {**answer, "compare": None, "points": points}
    return {**answer, **await _compared(read, by, metrics, compare, points)}


async def _compared(
    read: Reading,
    by: By,
    metrics: tuple[Metric, ...],
    compare: comparing.Compare,
    points: list[dict[str, Any]],
) -> dict[str, Any]:
    """``compare``, ``compare_range``, ``compare_totals``, and the points with theirs."""
    days = read.scope.days
    range_ = comparing.compared(days, days, compare)
    other = Reading(read.cache, read.connection, read.scope.over(range_))
    now, before = await read.grouped(by), await other.grouped("day")
    known, first = await other.deliveries(), await read.provisional_from()
    compared = []
    for point, piece in zip(points, trends.periods(days, by), strict=True):
        window = comparing.compared(piece, days, compare)
        found = [before[day] for day in days_of(window.start, window.end) if day in before]
        sums = figures.added(found) if found else None
        state = trends.state_of(
            window, has_rows=sums is not None, today=read.scope.today, provisional=first, known=known
        )
        values = figures.values_of(sums, metrics)
        other_point = {"date": window.start, "end_date": window.last, **state, **values}
        partial = window.begins_late(known.first_day)
        changes = figures.changes(now.get(start_of(by, piece.start)), sums, metrics, partial=partial)
        compared.append({**point, "compare": other_point, **changes})
    totals = await sections.totals(other, metrics)
    partial = range_.begins_late(known.first_day)
    changes = figures.changes(await read.total(), await other.total(), metrics, partial=partial)
    return {
        "compare": compare,
        "compare_range": range_.as_typed(),
        "compare_totals": {**totals, **changes},
        "points": compared,
    }


async def _ranked(
    read: Reading, level: Level, name: MetricName, order: Literal["asc", "desc"], limit: int
) -> Response:
    return await answered(
        read, f"top of {level}", lambda: _top(read, level, name, order, limit), name, order, limit
    )


async def _top(
    read: Reading, level: Level, name: MetricName, order: Literal["asc", "desc"], limit: int
) -> dict[str, Any]:
    metric = levels.visible_metric(read.scope, "metric", name)
    paging = Paging(1, limit, order)

    async def make() -> levels.Page:
        sums = await read.level(level)
        totals = await asyncio.to_thread(frames.total, sums)
        measured = await asyncio.to_thread(frames.measured, sums, metric)
        page = await levels.page_of(read, level, measured, name, paging)
        return levels.Page(page.rows, page.height, totals)

    page = await read.kept(f"top of {level}", make, limit, name, paging)
    shown = await levels.shown(read, level, page, paging)
    data = [{"rank": rank, **row} for rank, row in enumerate(shown["data"], 1)]
    asked = {"metric": name, "order": order, "total": page.height}
    return {**asked, "data": data, "totals": shown["totals"]}


async def _weak(read: Reading) -> list[tuple[str, Sums]]:
    """Every underperformer: why, and its sums with client_id and key."""
    campaigns = await read.level("campaign")
    found: list[tuple[str, Sums]] = []
    for client in read.scope.clients:
        mine = campaigns.filter(client_id=client["id"])
        limits = Thresholds.of(client["settings"])
        found += [
            (item.reason, item.sums) for item in underperformers(mine, limits, "key", limit=mine.height)
        ]
    return found


async def _named_weak(read: Reading, found: list[tuple[str, Sums]]) -> list[dict[str, Any]]:
    entities = [(int(sums["client_id"] or 0), int(sums["key"] or 0)) for _, sums in found]
    names = await hierarchy.names(read.connection, "campaign", entities)
    thresholds = {client["id"]: agreed.thresholds(client["settings"]) for client in read.scope.clients}
    return [
        {
            **names[entity],
            **figures.values_of(sums, read.scope.metrics),
            "reason": reason,
            "thresholds": thresholds[entity[0]],
        }
        for entity, (reason, sums) in zip(entities, found, strict=True)
        if entity in names
    ]
