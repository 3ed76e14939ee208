"""The hierarchy: what there is, with or without figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.http.answers import ExactJSON
from libs.reading import frames, levels
from libs.reading.levels import SortBy
from libs.reading.lists import Paging, listed
from libs.reading.reading import Reading
from libs.reading.store import hierarchy
from services.gateway.routes.access import Signed, Snapshot, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import (
    ClientIds,
    Named,
    OneSource,
    Paged,
    chosen_clients,
    scope_of,
)
from services.gateway.rules import examples

router = APIRouter(prefix="/campaigns", tags=["hierarchy"])
First = Annotated[date | None, Query(description="With a range the answer carries figures.")]
Last = Annotated[date | None, Query(description="Last account day, included.")]


@dataclass(frozen=True)
class Asked:
    """Which campaigns, and whether with figures."""

    clients: list[UUID]
    source: Source | None
    name: str | None
    start: date | None
    end: date | None


def asked_of(
    client_id: ClientIds = [],  # noqa: B006 - FastAPI copies it
    source: OneSource = None,
    name: Named = None,
    start_date: First = None,
    end_date: Last = None,
) -> Asked:
    """From the query."""
    return Asked(client_id, source, name, start_date, end_date)


@router.get("", summary="Campaigns", responses=answers(examples.page(examples.level("campaign"))))
async def listing(
    caller: Signed,
    connection: Snapshot,
    parts: Wired,
    paging: Paged,
    asked: Annotated[Asked, Depends(asked_of)],
    sort_by: SortBy = "name",
) -> ExactJSON:
    """All campaigns, those without rows too. With a range each has its sums and ratios."""
    if asked.start is None and asked.end is None:
        return ExactJSON(await _names_only(connection, asked, paging))
    scope = await scope_of(caller, connection, asked.clients, asked.start, asked.end, asked.source)
    reading = Reading(parts.cache, connection, scope)
    return ExactJSON(await _with_figures(reading, asked.name, sort_by, paging))


async def _names_only(connection: AsyncConnection, asked: Asked, paging: Paging) -> dict[str, Any]:
    clients = [int(client["id"]) for client in await chosen_clients(connection, asked.clients)]
    entities = await hierarchy.campaigns(connection, clients, asked.source, asked.name)
    page = await hierarchy.page_by_name(connection, "campaign", entities, paging)
    names = await hierarchy.names(connection, "campaign", page)
    return listed(len(entities), paging, [names[entity] for entity in page])


async def _with_figures(reading: Reading, name: Named, sort_by: SortBy, paging: Paging) -> dict[str, Any]:
    scope = reading.scope
    entities = await hierarchy.campaigns(reading.connection, scope.client_ids, scope.source, name)
    sums = frames.with_all(await reading.level("campaign"), entities)
    page = await levels.page_of(reading, "campaign", sums, sort_by, paging)
    return {**scope.heading(), **await levels.shown(reading, "campaign", page, paging)}
