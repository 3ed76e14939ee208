"""What is kept of a hierarchy is what a new look would find."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import snapshot
from services.aggregator.frames import Hierarchy
from services.aggregator.store import facts
from services.aggregator.store.hierarchy import Hierarchies
from tests.services.aggregator.world import CREATIVES, World, day

ADD = (
    "INSERT INTO creatives (client_id, id, placement_id, name) VALUES ($1, {id}, {placement}, 'new {id}')",
    "UPDATE hierarchy_counters SET creatives = {id} WHERE client_id = $1",
)


async def look(engine: AsyncEngine, world: World, known: Hierarchies) -> Hierarchy:
    """A hierarchy out of what is known, proved to be what a first look finds."""
    async with snapshot(engine) as reading:
        found = await known.of(reading, world.client)
        anew = await Hierarchies().of(reading, world.client)
    assert np.array_equal(np.trim_zeros(found.campaign_of, "b"), np.trim_zeros(anew.campaign_of, "b"))
    assert found.source_of == anew.source_of
    return found


async def run(world: World, *statements: str) -> None:
    async with world.connection.transaction():
        for statement in statements:
            await world.connection.execute(statement, world.client)


@pytest.fixture
async def counted(world: World) -> World:
    """A client whose keys the loader gave out."""
    await run(world, f"INSERT INTO hierarchy_counters VALUES ($1, 0, 3, 6, 12, {CREATIVES})")
    return world


async def test_new_levels_are_added_and_what_stands_is_not_read_again(
    counted: World, engine: AsyncEngine
) -> None:
    known = Hierarchies()
    first = await look(engine, counted, known)
    assert (await look(engine, counted, known)).campaign_of is first.campaign_of
    await run(counted, *(statement.format(id=CREATIVES + 1, placement=2) for statement in ADD))
    grown = await look(engine, counted, known)
    assert len(grown.campaign_of) == len(first.campaign_of) + 1
    assert grown.campaign_of[CREATIVES + 1] == first.campaign_of[2]
    await run(
        counted,
        "INSERT INTO campaigns (client_id, id, source, name) VALUES ($1, 4, 'vibe', 'new')",
        "INSERT INTO strategies (client_id, id, campaign_id, name) VALUES ($1, 7, 4, 'new')",
        "INSERT INTO placements (client_id, id, strategy_id, name) VALUES ($1, 13, 7, 'new')",
        "UPDATE hierarchy_counters SET campaigns = 4, strategies = 7, placements = 13 WHERE client_id = $1",
        *(statement.format(id=CREATIVES + 2, placement=13) for statement in ADD),
    )
    more = await look(engine, counted, known)
    assert (more.campaign_of[CREATIVES + 2], more.source_of[4]) == (4, "vibe")


async def test_a_deletion_is_seen(counted: World, engine: AsyncEngine) -> None:
    known = Hierarchies()
    await look(engine, counted, known)
    await run(
        counted,
        "DELETE FROM campaigns WHERE client_id = $1 AND id = 2",
        "UPDATE hierarchy_counters SET epoch = epoch + 1 WHERE client_id = $1",
    )
    left = await look(engine, counted, known)
    assert set(left.source_of) == {1, 3}
    assert 2 not in left.campaign_of


async def test_without_counters_nothing_is_kept(world: World, engine: AsyncEngine) -> None:
    known = Hierarchies()
    await look(engine, world, known)
    await run(world, "DELETE FROM campaigns WHERE client_id = $1 AND id = 2")
    assert set((await look(engine, world, known)).source_of) == {1, 3}


@pytest.mark.parametrize("page", [1, 2, 3, 100])
async def test_facts_come_page_by_page(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """Whatever the pages cut: nulls within a column, a column of nulls, zeros, numbers of 63 bits."""
    monkeypatch.setattr(facts, "PAGE_ROWS", page)
    on: date = day(3)
    for creative, impressions in ((1, None), (2, 0), (3, 2**63 - 1), (7, None)):
        await world.put(on, creative, impressions=impressions, clicks=creative)
    async with snapshot(engine) as reading:
        found = await facts.facts_of(reading, world.client, on)
        nothing = await facts.facts_of(reading, world.client, day(4))
    assert found["creative_id"].to_list() == [1, 2, 3, 7]
    assert found["impressions"].to_list() == [None, 0, 2**63 - 1, None]
    assert found["clicks"].to_list() == [1, 2, 3, 7]
    assert found["conversions"].null_count() == 4
    assert nothing.is_empty()
    assert nothing.schema == found.schema
