"""The sections of the dashboard: each answers one part of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.periods import Period, start_of
from libs.metrics.registry import Metric
from libs.reading import figures, ranges, trends
from libs.reading.reading import Reading
from libs.reading.store import hierarchy, summaries


async def heading(reading: Reading) -> dict[str, Any]:
    """What every answer over a scope begins with, whether its figures may still change, and their version."""
    first = await reading.provisional_from()
    moving = ranges.is_provisional(reading.scope.days.last, first)
    return {
        **reading.scope.heading(),
        "maturity": {
            "status": "provisional" if moving else "final",
            "provisional_from": first if moving else None,
        },
        "data_version": sum(reading.scope.versions.values()),
    }


async def summary(reading: Reading) -> dict[str, Any]:
    """Sums over the range, ratios from them, and the change against the range before."""
    previous = reading.scope.days.previous
    now, before = await reading.total(), await reading.total(previous)
    partial = previous.begins_late(await reading.first_day())
    return {
        **figures.values_of(now, reading.scope.shown),
        **figures.changes(now, before, reading.scope.shown, partial=partial),
        "rows": now["rows"] if now else 0,
        "previous_range": previous.as_typed(),
    }


async def totals(reading: Reading, metrics: Iterable[Metric]) -> dict[str, Any]:
    """Sums over the range and ratios from them."""
    return figures.values_of(await reading.total(), metrics)


async def trend(reading: Reading, by: Period, metrics: Iterable[Metric]) -> list[dict[str, Any]]:
    """A point for each day, week or month of the range, whether it has rows or not."""
    chosen = tuple(metrics)
    first, known = await reading.provisional_from(), await reading.deliveries()

    async def values() -> dict[Any, dict[str, Any]]:
        return {start: figures.values_of(sums, chosen) for start, sums in (await reading.grouped(by)).items()}

    names = tuple(metric.name for metric in chosen)
    found = await reading.kept(f"trend by {by}", values, reading.scope.days.days, names)
    nothing = figures.values_of(None, chosen)
    points = []
    for piece in trends.periods(reading.scope.days, by):
        at = found.get(start_of(by, piece.start))
        state = trends.state_of(
            piece, has_rows=at is not None, today=reading.scope.today, provisional=first, known=known
        )
        points.append({"date": piece.start, "end_date": piece.last, **state, **(at or nothing)})
    return points


async def breakdown(reading: Reading) -> dict[str, Any]:
    """Each source with its figures and its share of impressions and spend; the totals of all."""
    by_source, total = await reading.grouped("source"), await reading.total()
    metrics = reading.scope.shown
    data = [
        {"source": source, **figures.values_of(sums, metrics), **figures.shares(sums, total)}
        for source, sums in by_source.items()
    ]
    return {"data": data, "totals": figures.values_of(total, metrics)}


async def freshness(reading: Reading) -> list[dict[str, Any]]:
    """For each source what is there, what is missing, and what may still move."""
    known, scope = await reading.deliveries(), reading.scope
    return trends.freshness(await reading.settling(), known, scope.days, scope.today)


async def period_summary(reading: Reading, period: Literal["week", "month"]) -> dict[str, Any] | None:
    """The newest weekly or monthly summary up to the range's end, of a question about one whole client."""
    scope = reading.scope
    if len(scope.clients) != 1 or scope.only_source or scope.campaign:
        return None
    found = await summaries.latest(reading.connection, scope.client_ids[0], period, scope.days.last)
    if found is None:
        return None
    (shown,) = await shown_summaries(reading, period, [found])
    return shown


async def shown_summaries(
    reading: Reading, period: Literal["week", "month"], found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Summaries of the question's one client: with names, without what its asker may not see."""
    named = await _with_names(reading.connection, reading.scope.client_ids[0], found)
    first, first_day = await reading.provisional_from(), await reading.first_day()
    answer = []
    for each in named:
        partial = ranges.period_before(period, each[f"{period}_start"]).begins_late(first_day)
        told = {**each, "deltas": figures.told_changes(each["deltas"], partial=partial)}
        moving = ranges.is_provisional(each[f"{period}_end"], first)
        shown = told if figures.shows_cost(reading.scope.metrics) else figures.without_cost(told)
        answer.append({**figures.as_shown(shown), "status": "provisional" if moving else "final"})
    return answer


async def _with_names(
    connection: AsyncConnection, client: int, found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The lists of summaries with the names that entities have now; those that are gone are left out."""
    levels: tuple[Literal["campaign", "creative"], ...] = ("campaign", "creative")
    lists = {"campaign": ("top_campaigns", "underperformers"), "creative": ("top_creatives",)}
    answer = [dict(each) for each in found]
    for level in levels:
        every = [each[name] for each in found for name in lists[level]]
        ids = {entry[f"{level}_id"] for content in every for entry in figures.entries(content)}
        entities = await hierarchy.entities_of(connection, level, client, ids)
        names = await hierarchy.names(connection, level, entities.values())
        known = {public: names[entity] for public, entity in entities.items() if entity in names}
        for each in answer:
            each |= {name: figures.named(each[name], f"{level}_id", known) for name in lists[level]}
    return answer
