"""An entity of the hierarchy that a question is about: found by its id, and the scope that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.errors import NotFound
from libs.reading import ranges
from libs.reading.reading import Reading
from libs.reading.scope import Scope
from libs.reading.store import hierarchy
from libs.reading.store.hierarchy import UPWARDS, Level
from services.gateway.routes.access import Caller, Signed, Snapshot, Wired
from services.gateway.routes.scope import days_of, made_scope, scope_of
from services.gateway.store import clients, levels

Above = Mapping[Level, UUID]
"""Entities that were named, by level; they must lie on one path."""
Typed = tuple[date | None, date | None]
"""The first and the last day as they were typed."""
StrategyId = Annotated[UUID | None, Query(description="Only this strategy.")]
PlacementId = Annotated[UUID | None, Query(description="Only this placement.")]
CreativeId = Annotated[UUID | None, Query(description="Only this creative.")]


async def entity_of(connection: AsyncConnection, level: Level, public_id: UUID) -> RowMapping:
    """An entity that the caller may see. Raises NotFound."""
    found = await levels.one(connection, level, public_id)
    if found is None:
        raise NotFound(level)
    return found


async def lowest_of(connection: AsyncConnection, above: Above) -> tuple[Level, RowMapping] | None:
    """The lowest of some entities. Raises NotFound where one is absent or not above the others."""
    named = [level for level in UPWARDS if level in above]
    if not named:
        return None
    lowest = await entity_of(connection, named[0], above[named[0]])
    for level in named[1:]:
        if lowest[f"{level}_id"] != above[level]:
            raise NotFound(named[0])
    return named[0], lowest


async def names_of(connection: AsyncConnection, level: Level, entity: RowMapping) -> dict[str, Any]:
    """Source and client, ids and names of an entity and of what it belongs to."""
    key = (int(entity["client_id"]), int(entity["key"]))
    return (await hierarchy.names(connection, level, [key]))[key]


async def reading_within(
    parts: Wired,
    caller: Caller,
    connection: AsyncConnection,
    found: tuple[Level, RowMapping],
    days: Typed,
) -> Reading:
    """A question about one entity, over typed days. Raises 422."""
    level, entity = found
    client = await clients.by_key(connection, entity["client_id"])
    over = days_of(*days, ranges.today_in(client["timezone"], datetime.now(UTC)), row_level=True)
    scope = await made_scope(caller, connection, [client], over)
    return Reading(parts.cache, connection, within(scope, level, entity))


def within(scope: Scope, level: Level, entity: RowMapping) -> Scope:
    """The scope, about one entity alone."""
    campaign = {
        "id": entity["campaign_key"],
        "public_id": entity["campaign_id"],
        "source": entity["source"],
        "account": entity["account"],
        "client_id": entity["client_id"],
        "name": entity["campaign_name"],
    }
    key = None if level == "campaign" else (level, int(entity["key"]))
    one_client = tuple(client for client in scope.clients if client["id"] == entity["client_id"])
    name = str(entity["name"]) if key else ""
    return replace(scope, clients=one_client, campaign=campaign, within=key, within_name=name)


async def narrowed(connection: AsyncConnection, scope: Scope, above: Above) -> Scope:
    """The scope, about the lowest of these entities. Raises NotFound where it is not in the scope."""
    found = await lowest_of(connection, above)
    if found is None:
        return scope
    level, entity = found
    if entity["client_id"] not in scope.client_ids:
        raise NotFound(level)
    if scope.campaign and scope.campaign["public_id"] != entity["campaign_id"]:
        raise NotFound(level)
    return within(scope, level, entity)


async def part_of(
    caller: Signed,
    connection: Snapshot,
    parts: Wired,
    scope: Annotated[Scope, Depends(scope_of)],
    strategy_id: StrategyId = None,
    placement_id: PlacementId = None,
    creative_id: CreativeId = None,
) -> Reading:
    """From the query: as everywhere, or of one strategy, placement or creative."""
    named: dict[Level, UUID | None] = {
        "creative": creative_id,
        "placement": placement_id,
        "strategy": strategy_id,
    }
    above = {level: public_id for level, public_id in named.items() if public_id}
    return Reading(parts.cache, connection, await narrowed(connection, scope, above))


ReadPart = Annotated[Reading, Depends(part_of)]
