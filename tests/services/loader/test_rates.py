"""Which CPM prices a day, and what a change of it does. Expected by hand, from the design's words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RateChanged, RowsRepriced
from libs.db.engine import transaction
from services.loader.handlers.corrections import reprice, undo_run
from services.loader.handlers.resolving import Resolver
from services.loader.rules import TooLarge
from tests.services.loader.deliveries import DAY, NEXT, Delivery, load, make_client

ROWS = ((DAY, "a", 541_210), (NEXT, "a", 1))


async def set_rate(owner: AsyncEngine, client: UUID, cpm: str, day: date, source: str | None = None) -> None:
    async with transaction(owner) as connection:
        await connection.execute(
            text(
                "INSERT INTO client_settings (client_id, source, cpm, currency, effective_date) "
                "SELECT id, :source, cast(:cpm AS numeric), currency, :day FROM clients "
                "WHERE public_id = :client"
            ),
            {"client": client, "source": source, "cpm": cpm, "day": day},
        )


async def rates(engine: AsyncEngine) -> dict[date, Decimal | None]:
    async with transaction(engine) as connection:
        found = await connection.execute(text("SELECT date, cpm FROM day_rates"))
        return {row.date: row.cpm for row in found}


async def spends(owner: AsyncEngine) -> dict[date, Decimal | None]:
    """As people see it who come with SQL."""
    async with transaction(owner) as connection:
        found = await connection.execute(
            text("SELECT date, sum(spend) AS spend FROM daily_metrics_flat GROUP BY 1")
        )
        return {row.date: row.spend for row in found}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], (None, None)),
        ([("17", DAY, None)], ("17", "17")),
        ([("17", NEXT, None)], (None, "17")),
        ([("17", DAY - timedelta(days=9), None), ("18", NEXT, None)], ("17", "18")),
        ([("17", DAY, None), ("5", DAY - timedelta(days=99), "surfside")], ("5", "5")),
        ([("17", DAY, None), ("5", NEXT, "surfside")], ("17", "5")),
        ([("17", DAY, None), ("5", DAY, "vibe")], ("17", "17")),
    ],
)
async def test_the_latest_rate_of_the_source_else_the_latest_general_one(
    engine: AsyncEngine,
    owner: AsyncEngine,
    resolver: Resolver,
    given: list[tuple[str, date, str | None]],
    expected: tuple[str | None, str | None],
) -> None:
    client = await make_client(owner, cpm=None)
    for cpm, day, source in given:
        await set_rate(owner, client, cpm, day, source)
    await load(engine, resolver, client, Delivery(1, ROWS, (DAY, NEXT)))
    found = await rates(engine)
    assert tuple(found[day] for day in (DAY, NEXT)) == tuple(e and Decimal(e) for e in expected)


async def test_spend_is_exact(engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver) -> None:
    client = await make_client(owner, cpm="17")
    await load(engine, resolver, client, Delivery(1, ROWS, (DAY, NEXT)))
    assert await spends(owner) == {DAY: Decimal("9200.5700000"), NEXT: Decimal("0.0170000")}


async def test_a_rate_that_comes_later_prices_what_was_unpriced(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver
) -> None:
    client = await make_client(owner, cpm=None)
    await load(engine, resolver, client, Delivery(1, ROWS, (DAY, NEXT)))
    async with transaction(engine) as connection:
        unpriced = await connection.execute(text("SELECT rows_unpriced FROM ingestion_logs"))
        assert unpriced.scalar_one() == 2
    assert await spends(owner) == {DAY: None, NEXT: None}
    await set_rate(owner, client, "17", NEXT)
    await reprice(engine, RateChanged(client_id=client, start_date=NEXT))
    await reprice(engine, RateChanged(client_id=client, start_date=NEXT))
    assert await rates(engine) == {DAY: None, NEXT: Decimal("17.0000")}
    async with transaction(engine) as connection:
        lines = (
            await connection.execute(
                text("SELECT date, totals_before, totals_after FROM slice_ledger WHERE kind = 'repricing'")
            )
        ).all()
        events = (
            await connection.execute(text("SELECT body FROM outbox WHERE routing_key = 'rows.repriced'"))
        ).all()
    assert [(line.date, line.totals_before["spend"], line.totals_after["spend"]) for line in lines] == [
        (NEXT, None, "0.0170000")
    ]
    assert len(events) == 1


async def test_a_rate_of_several_sources_is_told_once(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver
) -> None:
    """Summaries of a day are of all sources: made anew once, and not once for each."""
    client = await make_client(owner, cpm=None)
    await load(engine, resolver, client, Delivery(1, ROWS, (DAY, NEXT)))
    await load(engine, resolver, client, Delivery(2, ((DAY, "b", 1000),), source="vibe"))
    await set_rate(owner, client, "17", DAY)
    await reprice(engine, RateChanged(client_id=client))
    await set_rate(owner, client, "5", DAY, "vibe")
    await reprice(engine, RateChanged(client_id=client, source="vibe"))
    async with transaction(engine) as connection:
        told = await connection.execute(
            text("SELECT body FROM outbox WHERE routing_key = 'rows.repriced' ORDER BY id")
        )
        events = [RowsRepriced.model_validate_json(body) for body in told.scalars()]
    assert [(event.source, event.dates) for event in events] == [(None, [DAY, NEXT]), ("vibe", [DAY])]
    assert await spends(owner) == {DAY: Decimal("9205.57"), NEXT: Decimal("0.017")}


async def test_a_rate_that_makes_too_much_of_a_day_changes_nothing(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver
) -> None:
    """Its spend would stop the summaries of the month. A rate in its place is taken."""
    client = await make_client(owner, cpm=None)
    await load(engine, resolver, client, Delivery(1, ((DAY, "a", 7 * 10**11), (NEXT, "a", 1)), (DAY, NEXT)))
    await set_rate(owner, client, "1", DAY)
    await reprice(engine, RateChanged(client_id=client))
    await set_rate(owner, client, "1.0001", DAY, "surfside")
    with pytest.raises(TooLarge, match=f"spend of {DAY} add up to more than can be right"):
        await reprice(engine, RateChanged(client_id=client, source="surfside"))
    assert await rates(engine) == {DAY: Decimal(1), NEXT: Decimal(1)}


async def test_an_undo_that_makes_too_much_of_a_day_changes_nothing(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver
) -> None:
    """What comes back was loaded when the rate was lower."""
    client = await make_client(owner, cpm=None)
    await load(engine, resolver, client, Delivery(1, ((DAY, "a", 7 * 10**11),)))
    small = Delivery(2, ((DAY, "a", 6 * 10**11),))
    await load(engine, resolver, client, small)
    await set_rate(owner, client, "1.1", DAY)
    await reprice(engine, RateChanged(client_id=client))
    with pytest.raises(TooLarge, match="more than can be right"):
        await undo_run(engine, client, small.run_id)
    assert await spends(owner) == {DAY: Decimal(660_000_000)}


async def test_a_default_prices_only_what_has_no_rate_and_a_rate_takes_its_place(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver
) -> None:
    client = await make_client(owner, cpm=None)
    default = Decimal("2.5")
    await set_rate(owner, client, "17", NEXT)
    await load(engine, resolver, client, Delivery(1, ROWS), default_cpm=default)
    assert await rates(engine) == {DAY: default, NEXT: Decimal("17")}
    assert (await spends(owner))[DAY] == Decimal("1353.025")
    await set_rate(owner, client, "3", DAY)
    await reprice(engine, RateChanged(client_id=client), default_cpm=default)
    assert await rates(engine) == {DAY: Decimal("3"), NEXT: Decimal("17")}
