"""A run that is written while it comes gives way, is given up, and is merged all the same."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import HierarchyDeleted
from libs.db.engine import transaction
from services.loader.handlers import beginning
from services.loader.handlers.corrections import delete_level
from services.loader.handlers.merging import merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.store import slices
from tests.services.loader.ahead import (
    COVERS,
    FRESH,
    LAST_MONTH,
    Logs,
    merge,
    merged_at_its_end,
    number_of,
    rows,
    stage,
    used,
    why_not,
    working,
)
from tests.services.loader.deliveries import (
    DAY,
    NEXT,
    Delivery,
    expected,
    load,
    make_client,
    standing,
    status_of,
)


async def test_batches_that_another_process_staged_are_written_by_the_merge(
    engine: AsyncEngine, owner: AsyncEngine, client: UUID, logs: Logs
) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1])
        await stage(engine, client, delivery, None, [2, 3])
        await merge(engine, client, delivery, head_start)
        assert used(logs, delivery)
    assert await standing(engine, client) == expected([delivery])


async def test_a_row_staged_elsewhere_that_belongs_to_a_written_one_is_added_to_it(
    engine: AsyncEngine, owner: AsyncEngine, client: UUID, logs: Logs
) -> None:
    delivery = Delivery(1, (*FRESH, (DAY, "a", 5)), COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1])
        await stage(engine, client, delivery, None, [2, 3, 4])
        await merged_at_its_end(engine, client, delivery, head_start, logs)


@pytest.mark.parametrize("on_existing", ["reject", "update"])
async def test_a_rest_that_must_not_be_loaded_takes_what_is_written_with_it(
    engine: AsyncEngine, client: UUID, on_existing: str, logs: Logs
) -> None:
    """Refused, as a row of it exists; or held, as the day would lose most of its rows."""
    first = Delivery(1, rows(NEXT, *"abcdef"), (NEXT,))
    delivery = Delivery(2, (*rows(DAY, *"abcd"), (NEXT, "a", 1)), COVERS, end={"on_existing": on_existing})
    await load(engine, Resolver(engine), client, first)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1])
        await stage(engine, client, delivery, None, [2])
        await merge(engine, client, delivery, head_start)
        assert not used(logs, delivery)
    assert await status_of(engine, delivery.run_id) == ("failed" if on_existing == "reject" else "held")
    assert await standing(engine, client) == expected([first])


async def test_rows_of_others_on_the_same_day_are_seen(engine: AsyncEngine, client: UUID, logs: Logs) -> None:
    first, second = Delivery(1, rows(DAY, "x"), ()), Delivery(2, FRESH, COVERS, end={"allow_shrink": True})
    await load(engine, Resolver(engine), client, first)
    async with working(engine) as head_start:
        await stage(engine, client, second, head_start)
        await merge(engine, client, second, head_start)
        assert not used(logs, second)
    assert await standing(engine, client) == expected([first, second])


async def test_a_small_run_is_written_at_its_end(engine: AsyncEngine, client: UUID, logs: Logs) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine, least_rows=len(FRESH) + 1) as head_start:
        await stage(engine, client, delivery, head_start)
        await merged_at_its_end(engine, client, delivery, head_start, logs)


async def test_nobody_sees_what_is_written_ahead(engine: AsyncEngine, client: UUID) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1, 2])
        async with head_start.handed_over(delivery.run_id) as begun:
            assert begun is not None
            written = await begun.written
            assert written is not None
            assert written.rows == 6
            assert await standing(engine, client) == set()
    assert await standing(engine, client) == set(), "it was not committed, and so is gone"
    await stage(engine, client, delivery, None, [3])
    await merge_run(engine, Resolver(engine), client, delivery.run_id)
    assert await standing(engine, client) == expected([delivery])


async def test_it_gives_way_to_a_run_that_is_complete(
    engine: AsyncEngine, client: UUID, monkeypatch: pytest.MonkeyPatch, logs: Logs
) -> None:
    monkeypatch.setattr(beginning, "IDLE_SECONDS", 1000)
    slow, other = Delivery(1, FRESH, COVERS), Delivery(2, rows(NEXT, *"xyz"), (NEXT,))
    async with working(engine) as head_start:
        await stage(engine, client, slow, head_start, [0, 1, 2])
        await stage(engine, client, other, head_start)
        await merge(engine, client, other, head_start)
        assert "others wait" in why_not(logs, slow)
        assert await standing(engine, client) == expected([other])
        await stage(engine, client, slow, head_start, [3])
        await merge(engine, client, slow, head_start)
        assert not used(logs, slow)
    assert await standing(engine, client) == expected([slow, other])


async def test_it_waits_for_its_turn(engine: AsyncEngine, client: UUID) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        async with transaction(engine) as other:
            number = await number_of(engine, client)
            await slices.take_turn(other, number, "surfside")
            await stage(engine, client, delivery, head_start, [0, 1, 2])
        await stage(engine, client, delivery, head_start, [3])
        await merge(engine, client, delivery, head_start)
    assert await standing(engine, client) == expected([delivery])


async def test_more_than_it_can_hold_is_left_to_the_merge(
    engine: AsyncEngine, client: UUID, monkeypatch: pytest.MonkeyPatch, logs: Logs
) -> None:
    monkeypatch.setattr(beginning, "MOST_HELD", 2)
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        async with transaction(engine) as other:
            await slices.take_turn(other, await number_of(engine, client), "surfside")
            await stage(engine, client, delivery, head_start, [0, 1, 2])
        await stage(engine, client, delivery, head_start, [3])
        await merged_at_its_end(engine, client, delivery, head_start, logs)


async def test_a_run_that_stops_coming_lets_go_of_the_turn(
    engine: AsyncEngine, client: UUID, monkeypatch: pytest.MonkeyPatch, logs: Logs
) -> None:
    monkeypatch.setattr(beginning, "IDLE_SECONDS", 0)
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1])
        async with transaction(engine) as other:
            await slices.take_turn(other, await number_of(engine, client), "surfside")
        await stage(engine, client, delivery, head_start, [2, 3])
        await merged_at_its_end(engine, client, delivery, head_start, logs)


async def test_a_loader_that_ends_leaves_nothing_behind(
    engine: AsyncEngine, client: UUID, logs: Logs
) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1, 2])
    async with working(engine) as another:
        await stage(engine, client, delivery, another)  # all of them come again
        await merged_at_its_end(engine, client, delivery, another, logs)


async def test_a_broken_connection_costs_nothing_but_time(
    engine: AsyncEngine, owner: AsyncEngine, client: UUID
) -> None:
    delivery = Delivery(1, FRESH, COVERS)
    async with working(engine) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1, 2])
        async with head_start.handed_over(delivery.run_id) as begun:
            assert begun is not None
            written = await begun.written
            assert written is not None
            pid = (await written.connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with transaction(owner) as connection:
                await connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
        await stage(engine, client, delivery, head_start, [3])
        await merge(engine, client, delivery, head_start)
    assert await standing(engine, client) == expected([delivery])


@pytest.mark.parametrize("least_rows", [1, 6], ids=["begun", "not begun"])
async def test_creatives_that_are_deleted_meanwhile_come_back_with_the_run(
    engine: AsyncEngine, owner: AsyncEngine, client: UUID, least_rows: int, logs: Logs
) -> None:
    first, delivery = Delivery(1, rows(LAST_MONTH, "a"), (LAST_MONTH,)), Delivery(2, FRESH, COVERS)
    await load(engine, Resolver(engine), client, first)
    async with transaction(owner) as connection:
        found = await connection.execute(
            text("SELECT public_id FROM campaigns WHERE client_id = :client"),
            {"client": await number_of(engine, client)},
        )
        deleted = HierarchyDeleted(client_id=client, level="campaign", id=found.scalar_one())
    async with working(engine, least_rows) as head_start:
        await stage(engine, client, delivery, head_start, [0, 1])
        await delete_level(engine, deleted)
        await stage(engine, client, delivery, head_start, [2, 3])
        await merged_at_its_end(engine, client, delivery, head_start, logs)
    assert await status_of(engine, delivery.run_id) == "loaded"


async def test_two_runs_at_a_time_are_both_right(engine: AsyncEngine, owner: AsyncEngine, logs: Logs) -> None:
    clients = [await make_client(owner) for _ in range(2)]
    deliveries = [Delivery(1, FRESH, COVERS) for _ in clients]
    async with working(engine) as head_start:
        for numbers in ([0, 1], [2, 3]):
            for client, delivery in zip(clients, deliveries, strict=True):
                await stage(engine, client, delivery, head_start, numbers)
        for client, delivery in zip(clients, deliveries, strict=True):
            await merge(engine, client, delivery, head_start)
    assert [used(logs, delivery) for delivery in deliveries] == [True, False], "one at a time"
    for client, delivery in zip(clients, deliveries, strict=True):
        assert await standing(engine, client) == expected([delivery])
