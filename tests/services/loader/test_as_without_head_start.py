"""A run that is written while it comes leaves what one leaves that is written at its end, or nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from services.loader.handlers.resolving import Resolver
from tests.services.loader.ahead import (
    COVERS,
    FRESH,
    LAST_MONTH,
    Logs,
    merge,
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
    Row,
    batches_of,
    expected,
    load,
    make_client,
    standing,
)

MONTHS_AGO = DAY - timedelta(days=200)
"""Of a month that has no partition yet."""

TOGETHER, STAND, KEPT = "belong together", "there are rows of", "not kept"
Plan = tuple[Delivery, ...]
PLANS: dict[str, tuple[Plan, str | None]] = {
    "new days": ((Delivery(1, FRESH, COVERS),), None),
    "new days out of order": ((Delivery(1, FRESH[::-1], COVERS),), None),
    "a new month": ((Delivery(1, FRESH + rows(MONTHS_AGO, *"abc"), (MONTHS_AGO, *COVERS)),), None),
    "no coverage": ((Delivery(1, FRESH, ()),), None),
    "a day that is covered and has no rows": ((Delivery(1, rows(DAY, *"abc"), COVERS),), None),
    "must not meet rows": ((Delivery(1, FRESH, COVERS, end={"on_existing": "reject"}),), None),
    "rejected rows": ((Delivery(1, FRESH, COVERS, end={"rows_rejected": 3}),), None),
    "a grain twice in a batch": ((Delivery(1, ((DAY, "a", 1), *FRESH), COVERS),), None),
    "a grain in two batches": ((Delivery(1, (*FRESH, (DAY, "a", 5)), COVERS),), TOGETHER),
    "rows of the day stand": ((Delivery(1, rows(DAY, "a"), ()), Delivery(2, FRESH, COVERS)), STAND),
    "rows of its last day stand": ((Delivery(1, rows(NEXT, "a"), ()), Delivery(2, FRESH, COVERS)), STAND),
    "the same again": ((Delivery(1, FRESH, COVERS), Delivery(2, FRESH, COVERS)), STAND),
    "a later one stands": ((Delivery(2, FRESH, COVERS), Delivery(1, FRESH[:4], COVERS)), STAND),
    "a later one without rows": ((Delivery(2, (), COVERS), Delivery(1, FRESH, COVERS)), ""),
    "rows are met": (
        (Delivery(1, rows(NEXT, "a"), ()), Delivery(2, FRESH, COVERS, end={"on_existing": "reject"})),
        STAND,
    ),
    "held": ((Delivery(1, rows(NEXT, *"abcdef"), (NEXT,)), Delivery(2, FRESH[:6], COVERS)), STAND),
    "another currency": ((Delivery(1, FRESH, COVERS, end={"currency": "EUR"}),), ""),
    "a day that is not kept": ((Delivery(1, (*FRESH, (date(2001, 1, 1), "a", 1)), COVERS),), KEPT),
    "too large": ((Delivery(1, (*FRESH, *((NEXT, f"x{n}", 10**15) for n in range(9))), COVERS),), ""),
}
"""Deliveries, and why the last of them is not written ahead; "": the merge does not go on with it."""

LEFT = {
    "facts": "SELECT d.date, c.name, d.impressions, d.clicks, d.conversions FROM daily_metrics d "
    "JOIN creatives c ON c.client_id = d.client_id AND c.id = d.creative_id WHERE d.client_id = :client "
    "ORDER BY 1, 2",
    "ledger": "SELECT date, kind, totals_before, totals_after FROM slice_ledger WHERE client_id = :client "
    "ORDER BY date, id",
    "heads": "SELECT date, delivered_at, digest IS NULL AS mixed, whole FROM slice_head "
    "WHERE client_id = :client ORDER BY date",
    "rates": "SELECT date, cpm FROM day_rates WHERE client_id = :client ORDER BY date",
    "displaced": "SELECT date, rows IS NULL AS nothing, head_before - 'run_no' AS head FROM displaced_rows "
    "WHERE client_id = :client ORDER BY run_no, date",
    "runs": "SELECT status, rows_loaded, rows_merged, rows_unpriced, warnings, error_code, "
    "replace(error, run_id::text, '') AS error FROM ingestion_logs WHERE client_id = :client ORDER BY run_no",
    "staged": "SELECT count(*) AS batches FROM staging_media_raw WHERE client_id = :client",
}


async def left(owner: AsyncEngine, client: UUID) -> dict[str, list[dict[str, Any]]]:
    """All that a load leaves, but for keys."""
    async with transaction(owner) as connection:
        found = await connection.execute(
            text("SELECT id FROM clients WHERE public_id = :client"), {"client": client}
        )
        own = {"client": found.scalar_one()}
        return {
            name: [dict(row) for row in (await connection.execute(text(query), own)).mappings()]
            for name, query in LEFT.items()
        }


@pytest.mark.parametrize("name", PLANS)
async def test_what_stands_is_the_same_with_and_without(
    engine: AsyncEngine, owner: AsyncEngine, name: str, logs: Logs
) -> None:
    plan, reason = PLANS[name]
    plain, ahead = await make_client(owner), await make_client(owner)
    again = [Delivery(d.at, d.rows, d.coverage, end=d.end) for d in plan]
    async with working(engine) as head_start:
        for delivery in again:
            await stage(engine, ahead, delivery, head_start)
            await merge(engine, ahead, delivery, head_start)
    for delivery in plan:
        await load(engine, Resolver(engine), plain, delivery, 2)
    assert used(logs, again[-1]) == (reason is None)
    assert (reason or "") in why_not(logs, again[-1])
    assert await left(owner, ahead) == await left(owner, plain)


row = st.tuples(st.sampled_from([LAST_MONTH, DAY, NEXT]), st.sampled_from("abcdef"), st.integers(0, 5))
some = st.lists(
    st.tuples(st.lists(row, max_size=9), st.sampled_from([(), (DAY,), (NEXT,), (DAY, NEXT)])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=some, order=st.randoms(use_true_random=False), elsewhere=st.integers(0, 4))
async def test_any_deliveries_of_which_some_batches_are_staged_elsewhere(
    engine: AsyncEngine,
    owner: AsyncEngine,
    plan: list[tuple[list[Row], tuple[date, ...]]],
    order: Any,
    elsewhere: int,
) -> None:
    client = await make_client(owner)
    deliveries = [
        Delivery(at, tuple(rows), coverage, end={"allow_shrink": True})
        for at, (rows, coverage) in enumerate(plan)
    ]
    order.shuffle(shuffled := list(deliveries))
    async with working(engine) as head_start:
        for delivery in shuffled:
            numbers = list(range(len(batches_of(client, delivery, 2))))
            here, there = numbers[: len(numbers) - elsewhere], numbers[len(numbers) - elsewhere :]
            order.shuffle(here)
            await stage(engine, client, delivery, head_start, here)
            await stage(engine, client, delivery, None, there if here else numbers)
            await merge(engine, client, delivery, head_start)
    assert await standing(engine, client) == expected(deliveries)
