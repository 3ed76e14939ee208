"""Top lists and underperformers, compared exactly, with what was not measured left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.measures import SUMS
from libs.metrics.ranking import Thresholds, top, underperformers

SCHEMA = {"campaign_id": pl.Int32, **dict.fromkeys(SUMS, pl.Int64)}


def campaign(number: int, **sums: int | None) -> dict[str, Any]:
    return {"campaign_id": number, **dict.fromkeys(SUMS), **sums}


def poor(number: int, **sums: int | None) -> dict[str, Any]:
    """CTR 0.4 %, spend 200, 4 conversions."""
    return campaign(
        number,
        **{"ctr_clicks": 4, "ctr_impressions": 1000, "spend_e7": 200 * 10**7, "conversions": 4, **sums},
    )


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def found(*rows: dict[str, Any], thresholds: Thresholds | None = None) -> list[int]:
    matches = underperformers(frame(*rows), thresholds or Thresholds(), "campaign_id")
    return [match.sums["campaign_id"] for match in matches]


def test_each_threshold_is_strict() -> None:
    assert found(poor(1)) == [1]
    assert found(poor(1, ctr_clicks=5)) == []
    assert found(poor(1, spend_e7=100 * 10**7)) == []
    assert found(poor(1, spend_e7=100 * 10**7 + 1)) == [1]
    assert found(poor(1, conversions=5)) == []


@pytest.mark.parametrize("column", ["ctr_clicks", "spend_e7", "conversions"])
def test_what_was_not_measured_never_matches(column: str) -> None:
    assert found(poor(1, **{column: None})) == []


def test_a_ctr_over_no_impressions_never_matches() -> None:
    assert found(poor(1, ctr_clicks=0, ctr_impressions=0)) == []


def test_at_most_five_highest_spend_first() -> None:
    rows = [poor(n, spend_e7=(200 + n) * 10**7) for n in range(1, 9)]
    assert found(*rows) == [8, 7, 6, 5, 4]
    assert found(*(poor(n) for n in (3, 1, 2))) == [1, 2, 3]


def test_the_reason_names_every_number() -> None:
    (match,) = underperformers(frame(poor(1, spend_e7=12_345_678_900_000)), Thresholds(), "campaign_id")
    assert match.reason == (
        "CTR 0.40 % is under 0.5 %, spend 1,234,567.89 is over 100, conversions 4 are fewer than 5"
    )


def test_thresholds_of_a_client() -> None:
    settings = {"thresholds": {"ctr_below": 0.1, "spend_over": "250.50", "conversions_under": 2}}
    assert Thresholds.of(settings) == Thresholds(Decimal("0.1"), Decimal("250.50"), 2)
    assert found(poor(1), thresholds=Thresholds.of({"thresholds": {"ctr_below": "0.4"}})) == []


@pytest.mark.parametrize(
    "wrong",
    [None, 7, [], {"ctr_below": "x"}, {"ctr_below": "NaN", "spend_over": -1}, {"conversions_under": True}],
)
def test_wrong_thresholds_stay_at_their_defaults(wrong: object) -> None:
    assert Thresholds.of({"thresholds": wrong}) == Thresholds()


def test_ties_are_broken_by_spend_then_key() -> None:
    rows = [
        campaign(1, conversions=3),
        campaign(2, conversions=3, spend_e7=5),
        campaign(3, conversions=3, spend_e7=9),
        campaign(4, conversions=None, spend_e7=99),
        campaign(5, conversions=0, spend_e7=99),
        campaign(6, conversions=3, spend_e7=5),
    ]
    assert top(frame(*rows), "conversions", "campaign_id")["campaign_id"].to_list() == [3, 2, 6, 1, 5]
    assert top(frame(*rows), "conversions", "campaign_id", 2)["campaign_id"].to_list() == [3, 2]


def _or_less(value: int | None) -> int:
    return -1 if value is None else value


@given(
    values=st.lists(st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 3)), max_size=20),
    limit=st.integers(1, 7),
)
def test_top_equals_sorting_everything(values: list[tuple[int | None, int | None]], limit: int) -> None:
    rows = [campaign(n, conversions=c, spend_e7=s) for n, (c, s) in enumerate(values)]
    ranked = sorted(
        (row for row in rows if row["conversions"] is not None),
        key=lambda row: (
            -row["conversions"],
            -(-1 if row["spend_e7"] is None else row["spend_e7"]),
            row["campaign_id"],
        ),
    )
    expected = [row["campaign_id"] for row in ranked[:limit]]
    assert top(frame(*rows), "conversions", "campaign_id", limit)["campaign_id"].to_list() == expected


def test_nothing_has_no_top() -> None:
    assert top(frame(), "conversions", "campaign_id").is_empty()
    assert top(frame(campaign(1)), "conversions", "campaign_id").is_empty()
    assert found() == []
