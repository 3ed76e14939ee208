"""A campaign as a whole: its tree, and its figures split by strategy."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.answers import ExactJSON
from libs.http.errors import Invalid
from libs.reading import levels, sections
from libs.reading.levels import SortBy
from libs.reading.lists import Paging
from libs.reading.reading import Reading
from libs.reading.store.hierarchy import TABLES
from services.gateway.routes import entities
from services.gateway.routes.access import Caller, Parts, Signed, Snapshot, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.entities import Typed
from services.gateway.routes.hierarchy import headed
from services.gateway.routes.scope import EndDate, Paged, StartDate
from services.gateway.rules import examples, trees
from services.gateway.store import levels as store

router = APIRouter(prefix="/campaigns/{campaign_id}", tags=["hierarchy"])


@router.get("/tree", summary="All that belongs to a campaign", responses=answers(examples.TREE))
async def tree(
    campaign_id: UUID,
    caller: Signed,
    connection: Snapshot,
    depth: Annotated[trees.Depth, Query(description="The lowest level to show.")] = "creative",
) -> ExactJSON:
    """Strategies, placements and creatives, by name."""
    found = await entities.entity_of(connection, "campaign", campaign_id)
    return ExactJSON(await _tree(connection, found, depth))


@router.get(
    "/performance",
    summary="Figures of a campaign and its strategies",
    responses=answers(
        {
            **examples.HEADING,
            **examples.level("campaign"),
            **examples.SUMMARY,
            "strategies": examples.ranked("strategy"),
        }
    ),
)
async def performance(
    campaign_id: UUID,
    caller: Signed,
    connection: Snapshot,
    parts: Wired,
    paging: Paged,
    start_date: StartDate = None,
    end_date: EndDate = None,
    sort_by: SortBy = "spend",
) -> ExactJSON:
    """Sums, ratios, changes against the range before, and the same sums split by strategy."""
    reading, campaign = await _reading(parts, caller, connection, campaign_id, (start_date, end_date))
    return ExactJSON(await _performance(reading, campaign, sort_by, paging))


async def _reading(
    parts: Parts, caller: Caller, connection: AsyncConnection, campaign_id: UUID, days: Typed
) -> tuple[Reading, RowMapping]:
    campaign = await entities.entity_of(connection, "campaign", campaign_id)
    return await entities.reading_within(parts, caller, connection, ("campaign", campaign), days), campaign


async def _performance(
    reading: Reading, campaign: RowMapping, sort_by: SortBy, paging: Paging
) -> dict[str, Any]:
    return {
        **await headed(reading, "campaign", campaign),
        **await sections.summary(reading),
        "strategies": await levels.listing(reading, "strategy", sort_by, paging),
    }


async def _tree(connection: AsyncConnection, campaign: RowMapping, depth: trees.Depth) -> dict[str, Any]:
    found = {}
    for level in trees.levels_to(depth):
        rows = await store.below(
            connection, level, campaign["client_id"], campaign["key"], trees.MOST_NODES + 1
        )
        if len(rows) > trees.MOST_NODES:
            above = trees.ABOVE[level]
            many = f"more than {trees.MOST_NODES:,} {TABLES[level][0]}"
            raise Invalid("depth", f"{many}: ask for depth={above}, or page the list")
        found[level] = rows
    return {**await entities.names_of(connection, "campaign", campaign), **trees.grown(found)}
