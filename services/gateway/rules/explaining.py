"""One number taken apart: its formula, the sums that it is made of, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from libs.metrics.measures import BASE_OF
from libs.metrics.registry import Metric, Term
from libs.metrics.values import Sums, coverage, exact, rounded, shown
from libs.reading.figures import COVERAGE_DECIMALS, NOTHING

EXACT_DECIMALS = 12
"""Of a quotient, which may have no end."""


def taken_apart(metric: Metric, sums: Sums | None) -> dict[str, Any]:
    """Formula, value as shown and (to 12 decimals) as computed, numerator, minus, denominator, coverage."""
    found = sums or NOTHING
    share = coverage(metric, found)
    return {
        "metric": metric.name,
        "label": metric.label,
        "unit": metric.unit.value,
        "formula": metric.formula,
        "value": shown(metric, found),
        "exact": _plain(rounded(exact(metric, found), EXACT_DECIMALS)),
        "numerator": _term(metric.numerator, found),
        "minus": _term(metric.minus, found) if metric.minus else None,
        "denominator": _term(metric.denominator, found) if metric.denominator else None,
        "multiplier": metric.multiplier,
        "covers": {
            "impressions": found[metric.covered] if metric.covered else found["impressions"],
            "of_impressions": found["impressions"],
            "share": rounded(share, COVERAGE_DECIMALS),
        },
        "rows": found["rows"] or 0,
    }


def is_priced(metric: Metric) -> bool:
    """Whether a CPM is in the number."""
    return any("spend" in column for column in metric.columns)


def file_of(artifact: Mapping[str, Any] | None, *, admin: bool) -> dict[str, Any] | None:
    """The raw file of a run: its name; for administrators also where it is kept."""
    if artifact is None:
        return None
    key = artifact.get("key")
    name = str(key).rpartition("/")[2] if key else None
    return {"name": name, **({"bucket": artifact.get("bucket"), "key": key} if admin else {})}


def _term(term: Term, sums: Sums) -> dict[str, Any]:
    """A summed column by the name of what it sums, exact."""
    value = sums[term.column]
    amount = None if value is None else rounded(Fraction(value, 10**term.scale), term.scale)
    return {"name": _named(term.column), "value": amount}


def _named(column: str) -> str:
    """``spend`` of ``cpa_spend_e7``."""
    return BASE_OF.get(column, column).removesuffix("_micros").removesuffix("_e7")


def _plain(value: Decimal | None) -> Decimal | None:
    """Without zeros at its end."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
