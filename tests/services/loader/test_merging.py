"""What stands after deliveries, on real PostgreSQL."""

from __future__ import annotations

import itertools
from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.handlers.corrections import undo_run
from services.loader.handlers.merging import LOOK_AGAIN_SECONDS, confirm_run, merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.handlers.staging import stage_batch
from tests.services.loader.deliveries import (
    DAY,
    NEXT,
    Delivery,
    Row,
    batches_of,
    expected,
    load,
    make_client,
    standing,
    status_of,
)

ADDS: tuple[Row, ...] = ((DAY, "a", 100), (DAY, "b", 200), (DAY, "c", 300))
CHANGES: tuple[Row, ...] = ((DAY, "a", 110), (DAY, "b", 200), (DAY, "d", 400))
REMOVES: tuple[Row, ...] = ((DAY, "a", 110), (DAY, "d", 400), (DAY, "c", 5))
UPSERTS: tuple[Row, ...] = ((DAY, "a", 7), (DAY, "e", 9), (NEXT, "a", 1))

SETS: dict[str, list[tuple[int, tuple[Row, ...], tuple[date, ...]]]] = {
    "three covering": [(1, ADDS, (DAY,)), (2, CHANGES, (DAY,)), (3, REMOVES, (DAY,))],
    "upsert first": [(1, UPSERTS, (NEXT,)), (2, CHANGES, (DAY,)), (3, REMOVES, (DAY,))],
    "upsert between": [(1, ADDS, (DAY,)), (2, UPSERTS, (NEXT,)), (3, REMOVES, (DAY,))],
    "upsert last": [(1, ADDS, (DAY,)), (2, CHANGES, (DAY,)), (3, UPSERTS, ())],
    "upserts only": [(1, UPSERTS, ()), (2, ((DAY, "a", 7), (DAY, "f", 1)), ()), (3, ((DAY, "a", 8),), ())],
    "A B A": [(1, ADDS, (DAY,)), (2, CHANGES, (DAY,)), (3, ADDS, (DAY,))],
}


@pytest.mark.parametrize("name", SETS)
async def test_later_delivery_wins_whatever_order_they_arrive_in(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver, name: str
) -> None:
    for order in itertools.permutations(range(3)):
        client = await make_client(owner)
        deliveries = [
            Delivery(at, rows, coverage, end={"allow_shrink": True}) for at, rows, coverage in SETS[name]
        ]
        for index in order:
            await load(engine, resolver, client, deliveries[index])
        assert await standing(engine, client) == expected(deliveries), order


Planned = tuple[list[Row], tuple[date, ...]]

row = st.tuples(st.sampled_from([DAY, NEXT]), st.sampled_from("abcd"), st.integers(0, 5))
deliveries_strategy = st.lists(
    st.tuples(st.lists(row, max_size=5), st.sampled_from([(), (DAY,), (NEXT,), (DAY, NEXT)])),
    min_size=2,
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=deliveries_strategy, order=st.randoms(use_true_random=False))
async def test_any_deliveries_in_any_order(
    engine: AsyncEngine,
    owner: AsyncEngine,
    resolver: Resolver,
    plan: list[tuple[list[Row], tuple[date, ...]]],
    order: Random,
) -> None:
    client = await make_client(owner)
    deliveries = [
        Delivery(at, tuple(rows), coverage, end={"allow_shrink": True})
        for at, (rows, coverage) in enumerate(plan)
    ]
    shuffled = list(deliveries)
    order.shuffle(shuffled)
    for delivery in shuffled:
        await load(engine, resolver, client, delivery)
    assert await standing(engine, client) == expected(deliveries)
    await ledger_agrees_with_rows(engine)


async def ledger_agrees_with_rows(engine: AsyncEngine) -> None:
    """The last line of the ledger for each day equals the rows that stand."""
    async with transaction(engine) as connection:
        wrong = await connection.execute(
            text(
                "SELECT l.client_id, l.date, l.totals_after, f.* FROM "
                "(SELECT DISTINCT ON (client_id, source, date) * FROM slice_ledger "
                "WHERE kind <> 'superseded' "
                " ORDER BY client_id, source, date, id DESC) l "
                "LEFT JOIN (SELECT client_id, date, count(*) AS n, sum(impressions) AS impressions, "
                " sum(clicks) AS clicks FROM daily_metrics GROUP BY 1, 2) f USING (client_id, date) "
                "WHERE (l.totals_after->>'rows')::int <> coalesce(f.n, 0) "
                "OR (l.totals_after->>'impressions')::bigint IS DISTINCT FROM f.impressions "
                "OR (l.totals_after->>'clicks')::bigint IS DISTINCT FROM f.clicks"
            )
        )
        assert wrong.all() == []


async def test_rows_that_share_the_grain_are_summed(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    delivery = Delivery(1, ((DAY, "a", 1), (DAY, "a", 1), (DAY, "b", 2), (DAY, "a", 5)))
    assert await load(engine, resolver, client, delivery) == "loaded"
    assert await standing(engine, client) == {(DAY, "a", 7), (DAY, "b", 2)}
    async with transaction(engine) as connection:
        run = (await connection.execute(text("SELECT rows_loaded, rows_merged FROM ingestion_logs"))).one()
    assert (run.rows_loaded, run.rows_merged) == (2, 2)


async def test_an_equal_delivery_is_unchanged_writes_no_row_and_stands(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ADDS))
    async with transaction(engine) as connection:
        before = (await connection.execute(text("SELECT xmin, ctid FROM daily_metrics ORDER BY 2"))).all()
    assert await load(engine, resolver, client, Delivery(3, ADDS)) == "unchanged"
    assert await load(engine, resolver, client, Delivery(2, CHANGES)) == "superseded"
    async with transaction(engine) as connection:
        after = (await connection.execute(text("SELECT xmin, ctid FROM daily_metrics ORDER BY 2"))).all()
    assert before == after


async def test_only_what_differs_is_written(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ADDS))
    await load(engine, resolver, client, Delivery(2, CHANGES))
    async with transaction(owner) as connection:
        touched = await connection.execute(
            text(
                "SELECT c.name FROM daily_metrics d JOIN creatives c ON c.id = d.creative_id "
                "AND c.client_id = d.client_id WHERE d.run_no = (SELECT max(run_no) FROM daily_metrics)"
            )
        )
        assert set(touched.scalars()) == {"a", "d"}


@pytest.mark.parametrize("rows", [(), ((DAY, "a", 100),), ((DAY, "a", 1), (DAY, "b", 1), (DAY, "c", 1))])
async def test_a_delivery_that_would_remove_more_than_half_is_held_until_confirmed(
    engine: AsyncEngine, resolver: Resolver, client: UUID, rows: tuple[Row, ...]
) -> None:
    await load(engine, resolver, client, Delivery(1, ADDS))
    small = Delivery(2, rows)
    assert await load(engine, resolver, client, small) == "held"
    assert await standing(engine, client) == set(ADDS)
    async with transaction(engine) as connection:
        alerts = await connection.execute(text("SELECT body FROM outbox WHERE routing_key = 'alert.raised'"))
        assert b"confirm it" in alerts.scalar_one()
    await confirm_run(engine, resolver, client, small.run_id)
    assert await status_of(engine, small.run_id) == "loaded"
    assert await standing(engine, client) == set(rows)


async def test_an_undone_run_gives_back_what_it_displaced(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first, second = Delivery(1, ADDS), Delivery(2, (*CHANGES, (NEXT, "z", 1)))
    await load(engine, resolver, client, first)
    await load(engine, resolver, client, second)
    await undo_run(engine, client, second.run_id)
    assert await standing(engine, client) == set(ADDS)
    assert await status_of(engine, second.run_id) == "undone"
    await ledger_agrees_with_rows(engine)
    await undo_run(engine, client, second.run_id)
    assert await standing(engine, client) == set(ADDS)
    assert await load(engine, resolver, client, Delivery(3, ADDS)) == "unchanged"


async def test_undo_leaves_dates_that_a_later_run_touched_and_says_so(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first = Delivery(1, (*ADDS, (NEXT, "a", 50)), (DAY, NEXT))
    await load(engine, resolver, client, first)
    await load(engine, resolver, client, Delivery(2, CHANGES))
    await undo_run(engine, client, first.run_id)
    assert await standing(engine, client) == set(CHANGES)
    async with transaction(engine) as connection:
        warnings = await connection.execute(
            text("SELECT warnings FROM ingestion_logs WHERE run_id = :run"), {"run": first.run_id}
        )
        assert warnings.scalar_one()[-1]["dates"] == [DAY.isoformat()]


async def test_a_refused_currency_fails_the_run_with_a_sentence(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    assert await load(engine, resolver, client, Delivery(1, ADDS, end={"currency": "EUR"})) == "failed"
    async with transaction(engine) as connection:
        run = (await connection.execute(text("SELECT error, error_code FROM ingestion_logs"))).one()
        staged = (await connection.execute(text("SELECT count(*) FROM staging_media_raw"))).scalar_one()
        events = (await connection.execute(text("SELECT routing_key FROM outbox"))).scalars().all()
    assert run.error_code == "CURRENCY"
    assert "EUR" in run.error
    assert staged == 0
    assert "run.failed" in events


async def test_two_accounts_of_a_source_do_not_touch_each_other(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    one = Delivery(1, ((DAY, "a", 1), (DAY, "b", 1)), source="facebook", account="one")
    two = Delivery(2, ((DAY, "a", 2), (DAY, "c", 2)), source="facebook", account="two")
    await load(engine, resolver, client, one)
    await load(engine, resolver, client, two)
    assert await standing(engine, client) == {(DAY, "a", 1), (DAY, "b", 1), (DAY, "a", 2), (DAY, "c", 2)}
    assert await load(engine, resolver, client, Delivery(3, two.rows, source="facebook", account="two")) == (
        "unchanged"
    )


async def test_existing_rows_refuse_a_run_that_must_not_meet_any(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ADDS))
    upload = Delivery(2, UPSERTS, (), end={"on_existing": "reject"})
    assert await load(engine, resolver, client, upload) == "failed"
    assert await standing(engine, client) == set(ADDS)


async def test_a_run_that_must_not_meet_rows_waits_for_those_that_were_delivered_before_it(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    earlier, upload = Delivery(1, ADDS), Delivery(2, UPSERTS, (), end={"on_existing": "reject"})
    for batch in batches_of(client, earlier):
        await stage_batch(engine, resolver, batch)
    assert await load(engine, resolver, client, upload) == "running"
    async with transaction(engine) as connection:
        again = await connection.execute(text("SELECT delay_seconds FROM outbox WHERE delay_seconds > 0"))
        assert again.scalars().all() == [LOOK_AGAIN_SECONDS]
    await merge_run(engine, resolver, client, earlier.run_id)
    await merge_run(engine, resolver, client, upload.run_id)
    assert await status_of(engine, upload.run_id) == "failed"
    assert await standing(engine, client) == set(ADDS)


@pytest.mark.parametrize(
    "rows",
    [
        tuple((DAY, f"c{number}", 10**15) for number in range(8)),
        tuple((DAY, "one and the same", 10**15) for _ in range(9_300)),
        ((DAY, "priced", 7 * 10**11),),
    ],
    ids=["a day", "a run", "spend"],
)
async def test_more_than_can_be_right_fails_the_run_with_a_sentence(
    engine: AsyncEngine, resolver: Resolver, client: UUID, rows: tuple[Row, ...]
) -> None:
    """It would stop the summaries of a month."""
    delivery = Delivery(1, rows)
    assert await load(engine, resolver, client, delivery, size=10_000) == "failed"
    async with transaction(engine) as connection:
        run = (await connection.execute(text("SELECT error, error_code FROM ingestion_logs"))).one()
    assert run.error_code == "TOO_LARGE"
    assert "more than can be right" in run.error
    assert await standing(engine, client) == set()
    assert await load(engine, resolver, client, Delivery(2, ADDS)) == "loaded"


async def test_rows_outside_the_kept_months_fail_the_run(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    old = DAY.replace(year=DAY.year - 5)
    assert await load(engine, resolver, client, Delivery(1, ((old, "a", 1),), (old,))) == "failed"
    assert await standing(engine, client) == set()
