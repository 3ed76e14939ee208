"""Lists of campaigns, strategies, placements and creatives with their figures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
from cachetools import LRUCache
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.errors import Invalid
from libs.metrics.combine import sum_by_creative
from libs.metrics.periods import cover
from libs.metrics.registry import BY_NAME
from services.gateway import frames
from services.gateway.frames import Level, Tree
from services.gateway.routes.scope import Scope
from services.gateway.rules import figures
from services.gateway.rules.lists import Paging, listed
from services.gateway.store import blocks, hierarchy, rollups

SortBy = Literal[
    "name",
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


@dataclass(frozen=True)
class Kept:
    """A value in the cache and the bytes that it takes."""

    value: Any
    size: int


Cache = LRUCache[Any, Kept]


async def kept(cache: Cache, key: tuple[Any, ...], make: Callable[[], Awaitable[Kept]]) -> Any:
    """What the cache has under a key, or what ``make`` gives. A key names client and data version."""
    found = cache.get(key)
    if found is None:
        found = await make()
        if found.size <= cache.maxsize / 4:
            cache[key] = found
    return found.value


async def level_sums(cache: Cache, connection: AsyncConnection, scope: Scope, level: Level) -> pl.DataFrame:
    """A frame of sums of every entity of a level that has rows in the question's slice."""
    if level == "campaign":
        return frames.frame_of(await rollups.by_campaign(connection, scope.rows()))
    versions = await rollups.data_version(connection, scope.client_ids)
    return frames.together(
        [
            await _of_client(cache, connection, scope, level, client, versions[client])
            for client in scope.client_ids
        ]
    )


async def _of_client(
    cache: Cache, connection: AsyncConnection, scope: Scope, level: Level, client: int, version: int
) -> pl.DataFrame:
    campaign = int(scope.campaign["id"]) if scope.campaign else None
    if scope.campaign and scope.campaign["client_id"] != client:
        return frames.frame_of(())
    days = (scope.days.start, scope.days.end)

    async def make() -> Kept:
        creatives = await _creatives(cache, connection, client, version, days)
        tree = await _tree(cache, connection, client, version)
        wanted = frames.Wanted(client, scope.source, campaign)
        sums = await asyncio.to_thread(frames.by_level, creatives, tree, level, wanted)
        return Kept(sums, int(sums.estimated_size()))

    key = (client, version, level, *days, scope.source, campaign)
    found: pl.DataFrame = await kept(cache, key, make)
    return found


async def _creatives(
    cache: Cache, connection: AsyncConnection, client: int, version: int, days: tuple[Any, Any]
) -> pl.DataFrame:
    async def make() -> Kept:
        payloads = await blocks.payloads(connection, client, cover(*days))
        sums = await asyncio.to_thread(sum_by_creative, payloads)
        return Kept(sums, int(sums.estimated_size()))

    found: pl.DataFrame = await kept(cache, (client, version, "creatives", *days), make)
    return found


async def _tree(cache: Cache, connection: AsyncConnection, client: int, version: int) -> Tree:
    async def make() -> Kept:
        tables = ("creatives", "placements", "strategies", "campaigns")
        tree = Tree(*[frames.vector(*await blocks.links(connection, client, table)) for table in tables])
        return Kept(tree, tree.size)

    found: Tree = await kept(cache, (client, version, "tree"), make)
    return found


async def listing(
    cache: Cache, connection: AsyncConnection, scope: Scope, level: Level, sort_by: SortBy, paging: Paging
) -> dict[str, Any]:
    """A page of a level with figures, and the totals of all its rows, computed from sums."""
    sums = await level_sums(cache, connection, scope, level)
    return await page_of(connection, scope, level, sums, sort_by, paging)


async def page_of(
    connection: AsyncConnection,
    scope: Scope,
    level: Level,
    sums: pl.DataFrame,
    sort_by: SortBy,
    paging: Paging,
) -> dict[str, Any]:
    """A page of a frame of sums with names and figures, and the totals of all rows."""
    if sort_by == "name":
        entities = list(sums.select("client_id", "key").iter_rows())
        chosen = await hierarchy.page_by_name(connection, level, entities, paging)
        rows = frames.rows_of(sums, chosen)
    else:
        rows = _by_metric(scope, sums, sort_by, paging)
    names = await hierarchy.names(connection, level, [(row["client_id"], row["key"]) for row in rows])
    data = [
        {**names[row["client_id"], row["key"]], **figures.values_of(row, scope.metrics)}
        for row in rows
        if (row["client_id"], row["key"]) in names
    ]
    totals = figures.values_of(frames.total(sums), scope.metrics)
    return {**listed(sums.height, paging, data), "totals": totals}


def _by_metric(scope: Scope, sums: pl.DataFrame, sort_by: SortBy, paging: Paging) -> list[dict[str, Any]]:
    metric = BY_NAME[sort_by]
    if metric not in scope.metrics:
        raise Invalid("sort_by", f"{sort_by} is not shown to you")
    descending = paging.order != "asc"
    return frames.page_by_metric(
        sums, metric, descending=descending, offset=paging.offset, size=paging.page_size
    )
