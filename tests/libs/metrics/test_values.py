"""Shown values are exact and rounded half up once; null has a reason."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.measures import SUMS
from libs.metrics.registry import BY_NAME, METRICS
from libs.metrics.values import coverage, delta, exact, rounded, show, shown, unrounded
from tests.libs.metrics.strategies import Row, days, model_sums

NOTHING: Row = dict.fromkeys(SUMS)


@given(value=st.fractions(), decimals=st.integers(0, 8))
def test_rounding_is_half_up_and_exact(value: Fraction, decimals: int) -> None:
    found = rounded(value, decimals)
    assert found is not None
    assert abs(Fraction(found) - value) <= Fraction(1, 2 * 10**decimals)
    mirrored = rounded(-value, decimals)
    assert mirrored is not None
    assert found == mirrored.copy_negate()  # a plain minus rounds to 28 digits
    assert -found.as_tuple().exponent == decimals  # type: ignore[operator]


@given(cents=st.integers(-(10**12), 10**12), decimals=st.integers(0, 6))
def test_rounding_agrees_with_decimal(cents: int, decimals: int) -> None:
    with localcontext(prec=50):
        expected = (Decimal(cents) / 10**7).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounded(Fraction(cents, 10**7), decimals) == expected


@pytest.mark.parametrize(
    ("e7", "expected"), [(50_000, "0.01"), (49_999, "0.00"), (150_000, "0.02"), (0, "0.00")]
)
def test_spend_is_shown_with_two_decimals_half_up(e7: int, expected: str) -> None:
    assert str(shown(BY_NAME["spend"], {**NOTHING, "spend_e7": e7})) == expected


def test_formulas_by_hand() -> None:
    sums: Row = model_sums(
        [
            {
                "creative_id": 1,
                "impressions": 3000,
                "clicks": 7,
                "conversions": 3,
                "conversion_revenue_micros": 45_500_000,
                "media_cost_micros": 10_000_000,
                "video_completions": None,
                "cpm_e4": 55_000,
            }
        ]
    )
    assert {name: str(value) for name, value in show(sums).items()} == {
        "impressions": "3000",
        "clicks": "7",
        "conversions": "3",
        "conversion_revenue": "45.50",
        "spend": "16.50",
        "media_cost": "10.00",
        "margin": "6.50",
        "video_completions": "None",
        "ctr": "0.233333",
        "cpc": "2.3571",
        "cpa": "5.5000",
        "cpm": "5.5000",
        "roas": "275.7576",
    }


@given(rows=days)
def test_values_equal_fractions_of_the_model(rows: list[Row]) -> None:
    sums = model_sums(rows)

    def ratio(numerator: str, denominator: str, factor: Fraction) -> Fraction | None:
        top, bottom = sums[numerator], sums[denominator]
        return None if top is None or not bottom else Fraction(top, bottom) * factor

    e7 = Fraction(1, 10**7)
    expected = {
        "ctr": ratio("ctr_clicks", "ctr_impressions", Fraction(100)),
        "cpc": ratio("cpc_spend_e7", "cpc_clicks", e7),
        "cpa": ratio("cpa_spend_e7", "cpa_conversions", e7),
        "cpm": ratio("cpm_spend_e7", "cpm_impressions", e7 * 1000),
        "roas": ratio("roas_revenue_micros", "roas_spend_e7", Fraction(10 * 100)),
    }
    assert {name: exact(BY_NAME[name], sums) for name in expected} == expected


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_nothing_measured_is_null(metric: object) -> None:
    name = metric.name  # type: ignore[attr-defined]
    assert shown(BY_NAME[name], NOTHING) is None
    assert coverage(BY_NAME[name], NOTHING) is None


def test_division_by_zero_is_null() -> None:
    sums: Row = {**NOTHING, "ctr_clicks": 0, "ctr_impressions": 0, "impressions": 0}
    assert shown(BY_NAME["ctr"], sums) is None


def test_coverage_is_the_share_of_impressions() -> None:
    sums: Row = {**NOTHING, "impressions": 10_000, "ctr_impressions": 1000}
    assert coverage(BY_NAME["ctr"], sums) == Fraction(1, 10)
    assert coverage(BY_NAME["cpc"], sums) == 0
    assert coverage(BY_NAME["impressions"], sums) == 1


def test_unrounded_values_add_up_to_the_last_place() -> None:
    sums: Row = {**NOTHING, "spend_e7": 1, "margin_spend_e7": 1, "margin_cost_micros": 1}
    assert str(unrounded(BY_NAME["spend"], sums)) == "1E-7"
    assert unrounded(BY_NAME["spend"], sums) == Decimal("0.0000001")
    assert unrounded(BY_NAME["margin"], sums) == Decimal("-0.0000009")
    with pytest.raises(ValueError, match="quotient"):
        unrounded(BY_NAME["ctr"], sums)


def test_deltas_absolute_and_percent() -> None:
    now: Row = {**NOTHING, "clicks": 150, "spend_e7": 10**7}
    before: Row = {**NOTHING, "clicks": 120, "spend_e7": 3 * 10**7}
    change = delta(BY_NAME["clicks"], now, before)
    assert (change.absolute, change.percent, change.reason) == (Decimal(30), Decimal("25.00"), None)
    change = delta(BY_NAME["spend"], now, before)
    assert (change.absolute, change.percent) == (Decimal("-2.00"), Decimal("-66.67"))


def test_deltas_of_a_negative_margin_keep_the_direction() -> None:
    now: Row = {**NOTHING, "margin_spend_e7": 0, "margin_cost_micros": 1_000_000}
    before: Row = {**NOTHING, "margin_spend_e7": 0, "margin_cost_micros": 2_000_000}
    change = delta(BY_NAME["margin"], now, before)
    assert (change.absolute, change.percent) == (Decimal("1.00"), Decimal("50.00"))


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (1, None, "previous_not_measured"),
        (None, 1, "not_measured"),
        (1, 0, "previous_is_zero"),
    ],
)
def test_a_missing_delta_says_why(now: int | None, before: int | None, reason: str) -> None:
    change = delta(BY_NAME["clicks"], {**NOTHING, "clicks": now}, {**NOTHING, "clicks": before})
    assert change.percent is None
    assert change.reason == reason


def test_no_comparable_period() -> None:
    change = delta(BY_NAME["clicks"], {**NOTHING, "clicks": 1}, None)
    assert (change.absolute, change.percent, change.reason) == (None, None, "no_previous_period")
