"""Days that deliveries which cover none have brought are delivered, and no later one is measured by them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.handlers.corrections import undo_run
from services.loader.handlers.resolving import Resolver
from tests.services.loader.deliveries import DAY, NEXT, Delivery, Row, load, standing

ONE: tuple[Row, ...] = ((DAY, "a", 100), (NEXT, "a", 5))
MORE: tuple[Row, ...] = ((DAY, "b", 7),)
ALL: tuple[Row, ...] = ((DAY, "c", 300),)


async def heads(engine: AsyncEngine) -> dict[date, tuple[UUID, bool]]:
    """day → the run that stands for it, and whether it is the whole truth."""
    async with transaction(engine) as connection:
        found = await connection.execute(
            text(
                "SELECT h.date, l.run_id, h.whole FROM slice_head h "
                "JOIN ingestion_logs l ON l.client_id = h.client_id AND l.run_no = h.run_no"
            )
        )
        return {row.date: (row.run_id, row.whole) for row in found}


async def test_the_days_of_a_delivery_that_covers_none_are_there(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first, second = Delivery(1, ONE, ()), Delivery(2, MORE, ())
    await load(engine, resolver, client, second)
    await load(engine, resolver, client, first)
    assert await heads(engine) == {DAY: (second.run_id, False), NEXT: (first.run_id, False)}


async def test_an_older_delivery_that_covers_the_day_is_not_measured_by_them(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    whole = Delivery(1, ALL, (DAY,))
    await load(engine, resolver, client, Delivery(2, MORE, ()))
    assert await load(engine, resolver, client, whole) == "loaded"
    assert await standing(engine, client) == {*ALL, *MORE}
    assert await heads(engine) == {DAY: (whole.run_id, True)}
    await load(engine, resolver, client, Delivery(3, ONE, ()))
    assert (await heads(engine))[DAY] == (whole.run_id, True)


async def test_undone_it_leaves_what_stood_before(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first, second = Delivery(1, ONE, ()), Delivery(2, MORE, ())
    await load(engine, resolver, client, first)
    await load(engine, resolver, client, second)
    await undo_run(engine, client, second.run_id)
    assert await heads(engine) == {DAY: (first.run_id, False), NEXT: (first.run_id, False)}


async def test_of_the_last_one_undone_nothing_is_left(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    only = Delivery(1, ONE, ())
    await load(engine, resolver, client, only)
    await undo_run(engine, client, only.run_id)
    assert await heads(engine) == {}
    assert await standing(engine, client) == set()


async def test_a_delivery_that_covers_the_day_undone_leaves_it_there_in_part(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first, whole = Delivery(1, MORE, ()), Delivery(2, ALL, (DAY,), end={"allow_shrink": True})
    await load(engine, resolver, client, first)
    await load(engine, resolver, client, whole)
    assert await heads(engine) == {DAY: (whole.run_id, True)}
    await undo_run(engine, client, whole.run_id)
    assert await heads(engine) == {DAY: (first.run_id, False)}
    assert await standing(engine, client) == set(MORE)
