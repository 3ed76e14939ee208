"""A level is renamed and deleted in the API; the loader's and the aggregator's handlers do the rest."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import HierarchyDeleted, RunLoaded
from libs.testing.databases import Database
from services.aggregator.handlers.refresh import refresh
from services.loader.handlers.corrections import delete_level
from services.loader.handlers.resolving import Resolver
from tests.services.gateway.conftest import Api, Seeded, Start, apps, start
from tests.services.gateway.world import World, add_user
from tests.services.loader.deliveries import DAY, NEXT, Delivery, load

__all__ = ["apps", "start"]
ROWS = ((DAY, "a", 1000), (DAY, "b", 500), (NEXT, "a", 30), (NEXT, "c", 7))
DAYS = {"start_date": str(DAY), "end_date": str(NEXT)}


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection of the schema's owner."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


async def announced(owner: asyncpg.Connection[Any], key: str) -> dict[str, Any]:
    """The newest message of this key in the outbox."""
    body = await owner.fetchval(
        "SELECT body FROM outbox WHERE routing_key = $1 ORDER BY id DESC LIMIT 1", key
    )
    found: dict[str, Any] = json.loads(body)
    return found


async def summed_up(owner: asyncpg.Connection[Any], engine: AsyncEngine, client: UUID) -> None:
    """What the loader told last reaches the aggregator."""
    loaded = RunLoaded.model_validate(await announced(owner, "run.loaded"))
    assert loaded.client_id == client
    await refresh(engine, client, loaded.dates)


async def impressions(api: Api, client: UUID) -> tuple[int | None, list[str]]:
    """In all, and the names of the creatives that have them."""
    found = await api.get("/dashboard/creatives", client_id=client, **DAYS, sort_by="name")
    return found["totals"]["impressions"], [row["creative_name"] for row in found["data"]]


async def test_a_rename_makes_no_twin_and_a_deletion_takes_the_rows(
    start: Start,
    database: Database,
    engine_of: Callable[[str], AsyncEngine],
    owner: asyncpg.Connection[Any],
) -> None:
    loader, aggregator = engine_of("loader"), engine_of("aggregator")
    world = World()
    await add_user(owner, world, "admin", "admin")
    api = start(Seeded(database, world))
    made = await api.send("POST", "/clients", 201, json={"name": "Flow"})
    client = UUID(made["id"])
    rate = {"cpm": 10, "effective_date": "2020-01-01"}
    await api.send("POST", f"/clients/{client}/cpm", 202, json=rate)
    resolver = Resolver(loader)

    async def deleted(path: str) -> int:
        asked = await api.send("DELETE", f"{path}?confirm=true", 202)
        message = HierarchyDeleted.model_validate(await announced(owner, "hierarchy.deleted"))
        await delete_level(loader, message)
        await summed_up(owner, aggregator, client)
        return int(asked["rows"])

    assert await load(loader, resolver, client, Delivery(1, ROWS, (DAY, NEXT))) == "loaded"
    await summed_up(owner, aggregator, client)
    assert await impressions(api, client) == (1537, ["a", "b", "c"])

    creatives = await api.get("/creatives", client_id=client)
    ids = {row["creative_name"]: row["creative_id"] for row in creatives["data"]}
    await api.send("PUT", f"/creatives/{ids['a']}", 200, json={"name": "Blue"})
    more = Delivery(2, (*ROWS[:3], (NEXT, "c", 8)), (DAY, NEXT))
    assert await load(loader, resolver, client, more) == "loaded"
    await summed_up(owner, aggregator, client)
    assert await impressions(api, client) == (1538, ["b", "Blue", "c"])
    explained = await api.get("/metrics/explain", client_id=client, metric="spend", **DAYS)
    assert str(explained["value"]) == "15.38"
    assert [row["run_id"] for row in explained["runs"]["data"]] == [str(more.run_id)]
    assert [(rate["cpm"], rate["days"]) for rate in explained["rates"]] == [(10, 2)]
    assert explained["restatements"]["data"][0]["changes"]["impressions"]["change"] == 1

    refused = await api.send("DELETE", f"/creatives/{ids['a']}", 409)
    assert refused["details"] == {"rows": 2, "first_day": str(DAY), "last_day": str(NEXT)}
    assert await deleted(f"/creatives/{ids['a']}") == 2
    assert await impressions(api, client) == (508, ["b", "c"])
    await api.send("GET", f"/creatives/{ids['a']}", 404)
    (campaign,) = (await api.get("/campaigns", client_id=client, **DAYS))["data"]
    assert campaign["impressions"] == 508
    assert await deleted(f"/campaigns/{campaign['campaign_id']}") == 2
    assert await impressions(api, client) == (None, [])
    assert (await api.get("/campaigns", client_id=client))["total"] == 0
