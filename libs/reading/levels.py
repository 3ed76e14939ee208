"""Lists of campaigns, strategies, placements and creatives with their figures."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from libs.errors import BadQuestion
from libs.metrics.registry import BY_NAME, Metric
from libs.metrics.values import Sums
from libs.reading import figures, frames
from libs.reading.frames import Level
from libs.reading.lists import Paging, listed
from libs.reading.reading import Reading
from libs.reading.scope import Scope
from libs.reading.store import hierarchy

LEVELS: tuple[Level, ...] = ("campaign", "strategy", "placement", "creative")
MetricName = Literal[
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue",
    "spend",
    "media_cost",
    "margin",
    "video_completions",
    "ctr",
    "cpc",
    "cpa",
    "cpm",
    "roas",
]
SortBy = Literal["name", MetricName]


@dataclass(frozen=True)
class Page:
    """A page of rows of sums, how many rows there are, and the sums of all of them."""

    rows: list[dict[str, Any]]
    height: int
    totals: Sums


async def listing(reading: Reading, level: Level, sort_by: SortBy, paging: Paging) -> dict[str, Any]:
    """A page of a level with figures, and the totals of all its rows, computed from sums.

    Raises BadQuestion for an order by a metric that the caller may not see: before the cache, which keeps
    pages for everybody.
    """
    if sort_by != "name":
        visible_metric(reading.scope, "sort_by", sort_by)
    sums = await reading.level(level)

    async def make() -> Page:
        return await page_of(reading, level, sums, sort_by, paging)

    if sort_by == "name":  # names change without a load
        return await shown(reading, level, await make(), paging)
    page = await reading.kept(f"page of {level}", make, paging.page_size, sort_by, paging)
    return await shown(reading, level, page, paging)


def visible_metric(scope: Scope, field: str, name: MetricName) -> Metric:
    """A metric that the caller may see (libs.metrics.registry says so). Raises BadQuestion of the field."""
    metric = BY_NAME[name]
    if metric not in scope.metrics:
        raise BadQuestion(field, f"{name} is not shown to you")
    return metric


async def page_of(
    reading: Reading, level: Level, sums: pl.DataFrame, sort_by: SortBy, paging: Paging
) -> Page:
    """A page of a frame of sums, ordered by a metric or by name."""
    totals = await asyncio.to_thread(frames.total, sums)
    if sort_by == "name":
        entities = list(sums.select("client_id", "key").iter_rows())
        chosen = await hierarchy.page_by_name(reading.connection, level, entities, paging)
        return Page(frames.rows_of(sums, chosen), sums.height, totals)
    metric = visible_metric(reading.scope, "sort_by", sort_by)
    order = frames.Order(metric, descending=paging.order != "asc")
    rows = await asyncio.to_thread(frames.page, sums, order, paging.offset, paging.page_size)
    return Page(rows, sums.height, totals)


async def shown(reading: Reading, level: Level, page: Page, paging: Paging) -> dict[str, Any]:
    """A page with the names of today and shown figures."""
    entities = [(row["client_id"], row["key"]) for row in page.rows]
    names = await hierarchy.names(reading.connection, level, entities)
    metrics = reading.scope.shown
    data = [
        {**names[entity], **figures.values_of(row, metrics)}
        for entity, row in zip(entities, page.rows, strict=True)
        if entity in names
    ]
    return {**listed(page.height, paging, data), "totals": figures.values_of(page.totals, metrics)}
