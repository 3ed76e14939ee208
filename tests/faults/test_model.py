"""The model itself, on deliveries that can be worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from tests.faults.model import Fact, Rate, Row, Run, Values, rate_of, spend_e7, standing, summed
from tests.faults.shown import shown

ACME, OTHER = UUID(int=1), UUID(int=2)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def values(impressions: int | None, clicks: int | None = None) -> Values:
    return (impressions, clicks, None, None, None, None)


def row(day: date, creative: str, impressions: int | None, clicks: int | None = None) -> Row:
    return Row(day, ("c", "s", "p", creative), values(impressions, clicks))


def run(at: int, rows: list[Row], *coverage: date, client: UUID = ACME, account: str = "") -> Run:
    delivered = datetime(2026, 3, 5, at, tzinfo=UTC)
    half = len(rows) // 2
    batches = (tuple(rows[:half]), tuple(rows[half:]))
    return Run(UUID(int=at), client, "surfside", account, delivered, batches, frozenset(coverage))


def stands(*runs: Run) -> dict[tuple[int, str], Values]:
    return {(fact.day.day, fact.path[3]): found for fact, found in standing(runs).items()}


def test_later_delivery_wins_in_every_order_of_arrival() -> None:
    runs = [
        run(1, [row(MONDAY, "a", 10), row(MONDAY, "b", 20)], MONDAY),
        run(2, [row(MONDAY, "b", 21), row(TUESDAY, "b", 5)]),
        run(3, [row(MONDAY, "c", 30)], MONDAY),
    ]
    for order in permutations(runs):
        assert stands(*order) == {(2, "c"): values(30), (3, "b"): values(5)}


def test_an_upsert_leaves_other_rows_and_a_covered_day_loses_what_is_not_in_it() -> None:
    first = run(1, [row(MONDAY, "a", 10), row(MONDAY, "b", 20)], MONDAY)
    assert stands(first, run(2, [row(MONDAY, "b", 21)])) == {(2, "a"): values(10), (2, "b"): values(21)}
    assert stands(first, run(2, [], MONDAY)) == {}


def test_rows_of_one_run_that_share_the_grain_are_summed_and_unmeasured_stays_unmeasured() -> None:
    rows = [row(MONDAY, "a", 10, 1), row(MONDAY, "a", 5), row(MONDAY, "b", None), row(MONDAY, "b", None)]
    assert stands(run(1, rows, MONDAY)) == {(2, "a"): values(15, 1), (2, "b"): values(None)}


def test_clients_and_accounts_do_not_touch_each_other() -> None:
    mine = run(1, [row(MONDAY, "a", 10)], MONDAY)
    assert len(standing([mine, run(2, [], MONDAY, client=OTHER), run(3, [], MONDAY, account="x")])) == 1


def test_the_rate_of_a_day_is_its_sources_latest_else_the_latest_general_one() -> None:
    rates = [
        Rate(ACME, None, date(2026, 1, 1), Decimal("5")),
        Rate(ACME, None, TUESDAY, Decimal("7")),
        Rate(ACME, "surfside", MONDAY, Decimal("6.1234")),
    ]
    assert rate_of(rates, ACME, "vibe", MONDAY) == Decimal("5")
    assert rate_of(rates, ACME, "vibe", TUESDAY) == Decimal("7")
    assert rate_of(rates, ACME, "surfside", TUESDAY) == Decimal("6.1234")
    assert rate_of(rates, ACME, "surfside", date(2025, 12, 31)) is None
    assert rate_of(rates, OTHER, "surfside", MONDAY) is None
    assert spend_e7(1_000, Decimal("6.1234")) == 61_234_000  # 6.1234 of the currency


def test_a_ratio_is_summed_over_the_rows_that_have_all_of_it_and_rounded_half_up_once() -> None:
    facts = {
        Fact(ACME, "surfside", "", MONDAY, ("c", "s", "p", "a")): values(300, 1),
        Fact(ACME, "surfside", "", MONDAY, ("c", "s", "p", "b")): values(1_000),
    }
    (sums,) = summed(facts, [Rate(ACME, None, date(2026, 1, 1), Decimal("10.0050"))]).values()
    assert (sums["rows"], sums["impressions"], sums["ctr_impressions"]) == (2, 1_300, 300)
    told = shown(sums)
    assert told["ctr"] == Decimal("0.333333")
    assert told["spend"] == Decimal("13.01")  # 13.0065
    assert told["cpc"] == Decimal("3.0015")
    assert told["cpa"] is None
