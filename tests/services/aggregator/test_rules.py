"""Pure decisions: periods, pieces of a request, deltas, exact JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.measures import SUMS
from libs.metrics.periods import DAY, days_of
from services.aggregator.rules import (
    SHOWN,
    Standing,
    Summary,
    as_json,
    deltas,
    keys_in,
    months_between,
    name_keys,
    periods_of,
)

NOTHING: dict[str, int | None] = dict.fromkeys(SUMS)
dates = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(first=dates, last=dates)
def test_pieces_are_the_range_and_stay_in_their_month(first: date, last: date) -> None:
    pieces = months_between(first, last)
    assert [d for start, stop in pieces for d in days_of(start, stop + DAY)] == list(
        days_of(first, last + DAY)
    )
    assert all((start.year, start.month) == (stop.year, stop.month) for start, stop in pieces)
    assert all(months_between(*piece) == [piece] for piece in pieces)  # a piece is not split again


def test_periods_of_days() -> None:
    days = [date(2026, 10, 5), date(2026, 9, 30), date(2026, 10, 4)]
    assert periods_of("week", days) == [date(2026, 9, 28), date(2026, 10, 5)]
    assert periods_of("month", days) == [date(2026, 9, 1), date(2026, 10, 1)]


def test_media_cost_is_in_no_summary() -> None:
    assert {"media_cost", "margin"}.isdisjoint(metric.name for metric in SHOWN)
    assert {"impressions", "clicks", "conversions", "conversion_revenue", "spend"} < {m.name for m in SHOWN}
    assert {"ctr", "cpc", "cpa", "roas"} < {m.name for m in SHOWN}


def test_no_period_before() -> None:
    found = deltas(Standing(3, {**NOTHING, "clicks": 5}), None)
    assert (found["reason"], found["previous_days"], found["reasons"]) == ("no_previous_period", 0, {})
    assert found["clicks_delta"] is None
    assert found["clicks_delta_pct"] is None


def test_each_missing_delta_has_its_reason() -> None:
    now = Standing(7, {**NOTHING, "clicks": 5, "conversions": 4})
    before = Standing(5, {**NOTHING, "clicks": 0, "impressions": 10, "conversions": 2})
    found = deltas(now, before)
    assert found["reason"] is None
    assert (found["days"], found["previous_days"]) == (7, 5)
    assert (found["clicks_delta"], found["clicks_delta_pct"]) == (5, None)
    assert (found["conversions_delta"], found["conversions_delta_pct"]) == (2, 100)
    assert found["reasons"]["clicks"] == "previous_is_zero"
    assert found["reasons"]["impressions"] == "not_measured"
    assert "conversions" not in found["reasons"]


def test_names_take_the_place_of_keys_and_what_is_gone_is_left_out() -> None:
    made = Summary(
        {},
        {},
        {"by_conversions": [{"campaign_id": 1, "clicks": 3}, {"campaign_id": 2, "clicks": 1}]},
        {"by_revenue": [{"creative_id": 9}]},
        [{"campaign_id": 2, "reason": "…"}],
    )
    assert (keys_in(made, "campaign_id"), keys_in(made, "creative_id")) == ({1, 2}, {9})
    named = name_keys(made, {1: "a"}, {9: "z"})
    assert named.top_campaigns == {"by_conversions": [{"campaign_id": "a", "clicks": 3}]}
    assert named.top_creatives == {"by_revenue": [{"creative_id": "z"}]}
    assert named.underperformers == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=7),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=json_values)
def test_json_keeps_every_digit(value: object) -> None:
    assert json.loads(as_json(value), parse_float=Decimal) == value


@pytest.mark.parametrize(("value", "text"), [(Decimal("1E-7"), "0.0000001"), (Decimal("1E+3"), "1000")])
def test_decimals_are_plain_numbers(value: Decimal, text: str) -> None:
    assert as_json({"spend": value}) == f'{{"spend":{text}}}'
