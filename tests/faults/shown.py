"""Sums as people see them: the formulas of the registry, written a second time."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.faults.model import Sums

DECIMALS = {"conversion_revenue": 2, "spend": 2, "media_cost": 2, "margin": 2, "ctr": 6}
"""Of the others: counts 0, ratios 4."""
NAMES = (
    *("impressions", "clicks", "conversions", "video_completions"),
    *("conversion_revenue", "spend", "media_cost", "margin"),
    *("ctr", "cpc", "cpa", "cpm", "roas"),
)
"""What an admin sees."""
RATIOS = {
    "ctr": ("ctr_clicks", "ctr_impressions", Fraction(100)),
    "cpc": ("cpc_spend_e7", "cpc_clicks", Fraction(1, 10**7)),
    "cpa": ("cpa_spend_e7", "cpa_conversions", Fraction(1, 10**7)),
    "cpm": ("cpm_spend_e7", "cpm_impressions", Fraction(1000, 10**7)),
    "roas": ("roas_revenue_micros", "roas_spend_e7", Fraction(100 * 10)),
}
"""Numerator, denominator, factor."""


def shown(sums: Sums) -> dict[str, Decimal | None]:
    """Every metric, rounded half up once."""
    exact: dict[str, Fraction | None] = {
        name: _scaled(sums[name], 0) for name in ("impressions", "clicks", "conversions", "video_completions")
    }
    exact["conversion_revenue"] = _scaled(sums["conversion_revenue_micros"], 6)
    exact["media_cost"] = _scaled(sums["media_cost_micros"], 6)
    exact["spend"] = _scaled(sums["spend_e7"], 7)
    earned, paid = _scaled(sums["margin_spend_e7"], 7), _scaled(sums["margin_cost_micros"], 6)
    exact["margin"] = None if earned is None or paid is None else earned - paid
    decimals = {**dict.fromkeys(exact, 0), **dict.fromkeys(RATIOS, 4), **DECIMALS}
    for name, (above, below, factor) in RATIOS.items():
        one, other = sums[above], sums[below]
        exact[name] = None if one is None or not other else Fraction(one, other) * factor
    return {name: _rounded(value, decimals[name]) for name, value in exact.items()}


def _scaled(value: int | None, power: int) -> Fraction | None:
    return None if value is None else Fraction(value, 10**power)


def _rounded(value: Fraction | None, decimals: int) -> Decimal | None:
    """Half up, which is away from zero at exactly one half."""
    if value is None:
        return None
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) if value >= 0 else -Decimal(whole)).scaleb(-decimals)
