"""The sections of the dashboard: each reads the request's snapshot and answers one part of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.periods import Period, start_of
from libs.metrics.registry import Metric
from services.gateway.routes.scope import Scope
from services.gateway.rules import figures, ranges, trends
from services.gateway.store import coverage, hierarchy, rollups, summaries


async def settling(connection: AsyncConnection, scope: Scope) -> dict[str, int]:
    """source → days for which its figures may still move, for the sources that the question is about."""
    known = await coverage.sources(connection, scope.client_ids)
    only = scope.campaign["source"] if scope.campaign else scope.source
    wanted = {name: days for name, days in known.items() if only in (None, name)}
    return {name: ranges.SETTLING_DAYS[name] if days is None else days for name, days in wanted.items()}


async def maturity(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Whether figures up to the last day may still change, and from which day on."""
    first = ranges.provisional_from(scope.today, await settling(connection, scope))
    moving = ranges.is_provisional(scope.days.last, first)
    return {"status": "provisional" if moving else "final", "provisional_from": first if moving else None}


async def summary(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Sums over the range, ratios from them, and the change against the range before."""
    now = await rollups.total(connection, scope.rows())
    before = await rollups.total(connection, scope.rows(scope.days.previous))
    return {
        **figures.values_of(now, scope.metrics),
        **figures.changes(now, before, scope.metrics),
        "rows": now["rows"] if now else 0,
        "previous_range": scope.days.previous.as_typed(),
    }


async def trend(
    connection: AsyncConnection, scope: Scope, by: Period, metrics: Iterable[Metric]
) -> list[dict[str, Any]]:
    """A point for each day, week or month of the range, whether it has rows or not."""
    sums = await rollups.grouped(connection, scope.rows(), by)
    first = ranges.provisional_from(scope.today, await settling(connection, scope))
    known = await _deliveries(connection, scope)
    points = []
    for piece in trends.periods(scope.days, by):
        found = sums.get(start_of(by, piece.start))
        state = trends.state_of(
            piece, has_rows=found is not None, today=scope.today, provisional=first, known=known
        )
        values = figures.values_of(found, metrics)
        points.append({"date": piece.start, "end_date": piece.last, **state, **values})
    return points


async def breakdown(connection: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Each source with its figures and its share of impressions and spend; the totals of all."""
    by_source = await rollups.grouped(connection, scope.rows(), "source")
    total = await rollups.total(connection, scope.rows())
    data = [
        {"source": source, **figures.values_of(sums, scope.metrics), **figures.shares(sums, total)}
        for source, sums in by_source.items()
    ]
    return {"data": data, "totals": figures.values_of(total, scope.metrics)}


async def freshness(connection: AsyncConnection, scope: Scope) -> list[dict[str, Any]]:
    """For each source what is there, what is missing, and what may still move."""
    sources = await settling(connection, scope)
    extents = await coverage.extent(connection, scope.client_ids)
    known = await _deliveries(connection, scope)
    return trends.freshness(sources, extents, known.standing, known.troubles, scope.days, scope.today)


async def period_summary(
    connection: AsyncConnection, scope: Scope, period: Literal["week", "month"]
) -> dict[str, Any] | None:
    """The newest weekly or monthly summary up to the range's end, of a question about one whole client."""
    if len(scope.clients) != 1:
        return None
    found = await summaries.latest(connection, scope.client_ids[0], period, scope.days.last)
    if found is None:
        return None
    first = ranges.provisional_from(scope.today, await settling(connection, scope))
    end = found["week_end" if period == "week" else "month_end"]
    named = await _with_names(connection, scope.client_ids[0], found)
    shown = named if figures.shows_cost(scope.metrics) else figures.without_cost(named)
    return {**shown, "status": "provisional" if ranges.is_provisional(end, first) else "final"}


async def _deliveries(connection: AsyncConnection, scope: Scope) -> trends.Deliveries:
    days = scope.days
    standing: dict[date, set[str]] = defaultdict(set)
    for found in await coverage.delivered(connection, scope.client_ids, days.start, days.end):
        if scope.source in (None, found.source):
            standing[found.day].add(found.source)
    troubles = await coverage.troubles(connection, scope.client_ids, days.start, days.end)
    asked = {key: trouble for key, trouble in troubles.items() if scope.source in (None, key[0])}
    extents = await coverage.extent(connection, scope.client_ids)
    firsts = [extent[0] for source, extent in extents.items() if scope.source in (None, source)]
    return trends.Deliveries(
        {day: frozenset(sources) for day, sources in standing.items()}, asked, min(firsts, default=None)
    )


async def _with_names(connection: AsyncConnection, client: int, found: dict[str, Any]) -> dict[str, Any]:
    """The lists of a summary with the names that entities have now; those that are gone are left out."""
    levels: tuple[Literal["campaign", "creative"], ...] = ("campaign", "creative")
    lists = {"campaign": ("top_campaigns", "underperformers"), "creative": ("top_creatives",)}
    answer = dict(found)
    for level in levels:
        ids = {entry[f"{level}_id"] for name in lists[level] for entry in figures.entries(found[name])}
        entities = await hierarchy.entities_of(connection, level, client, ids)
        names = await hierarchy.names(connection, level, entities.values())
        known = {public: names[entity] for public, entity in entities.items() if entity in names}
        for name in lists[level]:
            answer[name] = figures.named(found[name], f"{level}_id", known)
    return answer
