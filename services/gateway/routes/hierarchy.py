"""Campaigns, strategies, placements and creatives: lists, details, figures. One code for the four levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotFound
from libs.reading import frames, levels, sections
from libs.reading.levels import SortBy
from libs.reading.lists import Paging, listed
from libs.reading.reading import Reading
from libs.reading.store import hierarchy
from libs.reading.store.hierarchy import TABLES, Level
from services.gateway.routes import entities
from services.gateway.routes.access import Caller, Parts, Signed, Snapshot, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.entities import PlacementId, StrategyId
from services.gateway.routes.scope import (
    By,
    CampaignId,
    ClientIds,
    EndDate,
    Metrics,
    Named,
    OneSource,
    Paged,
    StartDate,
    chosen_clients,
    chosen_metrics,
    scope_of,
)
from services.gateway.rules import examples
from services.gateway.rules.kinds import Day
from services.gateway.store import levels as store
from services.gateway.store.levels import Which

First = Annotated[Day | None, Query(description="With a range the answer carries figures.")]
Last = Annotated[Day | None, Query(description="Last account day, included.")]


@dataclass(frozen=True)
class Asked:
    """Which entities of a level, and whether with figures."""

    clients: list[UUID]
    source: Source | None
    name: str | None
    start: date | None
    end: date | None
    above: dict[Level, UUID] = field(default_factory=dict)

    def below(self, level: Level, public_id: UUID | None) -> Asked:
        """The same, only of those below an entity."""
        return replace(self, above={**self.above, level: public_id}) if public_id else self


def of_campaigns(
    client_id: ClientIds = [],  # noqa: B006 - FastAPI copies it
    source: OneSource = None,
    name: Named = None,
    start_date: First = None,
    end_date: Last = None,
) -> Asked:
    """From the query."""
    return Asked(client_id, source, name, start_date, end_date)


def of_strategies(asked: Annotated[Asked, Depends(of_campaigns)], campaign_id: CampaignId = None) -> Asked:
    """From the query."""
    return asked.below("campaign", campaign_id)


def of_placements(asked: Annotated[Asked, Depends(of_strategies)], strategy_id: StrategyId = None) -> Asked:
    """From the query."""
    return asked.below("strategy", strategy_id)


def of_creatives(asked: Annotated[Asked, Depends(of_placements)], placement_id: PlacementId = None) -> Asked:
    """From the query."""
    return asked.below("placement", placement_id)


FILTERS: Mapping[Level, Callable[..., Asked]] = {
    "campaign": of_campaigns,
    "strategy": of_strategies,
    "placement": of_placements,
    "creative": of_creatives,
}


def reads(level: Level) -> APIRouter:
    """Lists, details and figures by day of a level."""
    plural = TABLES[level][0]
    router = APIRouter(prefix=f"/{plural}", tags=["hierarchy"])
    wanted, key = Depends(FILTERS[level]), Path(alias=f"{level}_id")

    @router.get("", summary=plural.capitalize(), responses=answers(examples.page(examples.level(level))))
    async def listing(
        caller: Signed,
        connection: Snapshot,
        parts: Wired,
        paging: Paged,
        asked: Asked = wanted,
        sort_by: SortBy = "name",
    ) -> ExactJSON:
        """All of them, those without rows too. With a range each has its sums and ratios."""
        if asked.start is None and asked.end is None:
            return ExactJSON(await _names_only(connection, level, asked, sort_by, paging))
        return ExactJSON(await _with_figures(caller, connection, parts, (level, asked), sort_by, paging))

    @router.get(f"/{{{level}_id}}", summary=f"One {level}", responses=answers(examples.detail(level)))
    async def one(caller: Signed, connection: Snapshot, entity_id: UUID = key) -> ExactJSON:
        """Its names, what it belongs to, and how much hangs below it."""
        return ExactJSON(
            await detail(connection, level, await entities.entity_of(connection, level, entity_id))
        )

    @router.get(
        f"/{{{level}_id}}/metrics",
        summary=f"Figures of a {level} by day",
        responses=answers(
            {**examples.HEADING, **examples.level(level), **examples.TRENDS, "totals": examples.FIGURES}
        ),
    )
    async def metrics(
        caller: Signed,
        connection: Snapshot,
        parts: Wired,
        names: Metrics,
        entity_id: UUID = key,
        start_date: StartDate = None,
        end_date: EndDate = None,
        by: By = "day",
    ) -> ExactJSON:
        """Each point is `ok`, `provisional` or `no_data` with a reason; the totals are those of the range."""
        entity = await entities.entity_of(connection, level, entity_id)
        days = (start_date, end_date)
        reading = await entities.reading_within(parts, caller, connection, (level, entity), days)
        return ExactJSON(await _by_day(reading, (level, entity), by, names))

    return router


async def detail(connection: AsyncConnection, level: Level, entity: RowMapping) -> dict[str, Any]:
    """An entity as it is answered."""
    names = await entities.names_of(connection, level, entity)
    known = ("account", "source_name", "created_at", "updated_at")
    answer = {**names, **{name: entity[name] for name in known}}
    if level != "creative":
        below = TABLES[frames.BELOW[level]][0]
        answer[below] = await store.count_below(connection, level, entity["client_id"], entity["key"])
    return answer


async def _which(connection: AsyncConnection, asked: Asked) -> tuple[Which, tuple[Level, RowMapping] | None]:
    """The entities that are asked for, and the one that they are below. Raises NotFound."""
    lowest = await entities.lowest_of(connection, asked.above)
    if lowest and not asked.clients:
        clients = [int(lowest[1]["client_id"])]
    else:
        clients = [int(client["id"]) for client in await chosen_clients(connection, asked.clients)]
    if lowest is None:
        return Which(clients, asked.source, asked.name), None
    level, entity = lowest
    if entity["client_id"] not in clients:
        raise NotFound(level)
    above = (level, int(entity["key"]))
    return Which([int(entity["client_id"])], asked.source, asked.name, above), lowest


async def _names_only(
    connection: AsyncConnection, level: Level, asked: Asked, sort_by: str, paging: Paging
) -> dict[str, Any]:
    if sort_by != "name":
        raise Invalid("sort_by", f"figures need a range: give start_date and end_date to sort by {sort_by}")
    which, _ = await _which(connection, asked)
    total, page = await store.page(connection, level, which, paging)
    names = await hierarchy.names(connection, level, page)
    return listed(total, paging, [names[entity] for entity in page])


async def _with_figures(
    caller: Caller,
    connection: AsyncConnection,
    parts: Parts,
    wanted: tuple[Level, Asked],
    sort_by: SortBy,
    paging: Paging,
) -> dict[str, Any]:
    level, asked = wanted
    which, lowest = await _which(connection, asked)
    clients = asked.clients or ([lowest[1]["client_public_id"]] if lowest else [])
    scope = await scope_of(caller, connection, clients, asked.start, asked.end, asked.source)
    if lowest:
        scope = entities.within(scope, *lowest)
    reading = Reading(parts.cache, connection, scope)
    known = [frames.keys_frame(client, keys) for client, keys in await store.keys(connection, level, which)]
    sums = frames.only(await reading.level(level), frames.keys_together(known))
    page = await levels.page_of(reading, level, sums, sort_by, paging)
    return {**await sections.heading(reading), **await levels.shown(reading, level, page, paging)}


async def headed(reading: Reading, level: Level, entity: RowMapping) -> dict[str, Any]:
    """What an answer about an entity begins with."""
    names = await entities.names_of(reading.connection, level, entity)
    return {**await sections.heading(reading), **names}


async def _by_day(
    reading: Reading, found: tuple[Level, RowMapping], by: By, names: dict[str, str]
) -> dict[str, Any]:
    metrics = chosen_metrics(reading.scope, names)
    points = await sections.trend(reading, by, metrics)
    totals = await sections.totals(reading, metrics)
    return {**await headed(reading, *found), "by": by, "points": points, "totals": totals}
