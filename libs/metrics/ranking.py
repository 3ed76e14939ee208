"""Top lists and underperformers, of any frame of sums (one row per campaign or creative)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import polars as pl

from libs.metrics.registry import BY_NAME
from libs.metrics.values import exact, rounded

LARGEST = 1_000_000_000_000
"""A threshold beyond it says the same as it does: nothing is as large."""
TOP = 5
"""How many stand in a list of a summary."""


@dataclass(frozen=True)
class Thresholds:
    """When a campaign underperforms: all three hold."""

    ctr_below: Decimal = Decimal("0.5")
    """Percent."""
    spend_over: Decimal = Decimal(100)
    """In the client's currency."""
    conversions_under: int = 5

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Thresholds:
        """From ``clients.settings``: ``{"thresholds": {"ctr_below", "spend_over", "conversions_under"}}``.

        What is missing or not a finite number ≥ 0 stays at its default; what is beyond LARGEST counts as it.
        """
        given = settings.get("thresholds")
        numbers = {
            name: number
            for name in ("ctr_below", "spend_over", "conversions_under")
            if isinstance(given, Mapping) and (number := _number(given.get(name))) is not None
        }
        if "conversions_under" in numbers:
            return cls(**{**numbers, "conversions_under": int(numbers["conversions_under"])})  # type: ignore[arg-type]
        return cls(**numbers)  # type: ignore[arg-type]


def top(sums: pl.DataFrame, column: str, key: str, limit: int = TOP) -> pl.DataFrame:
    """The rows with the largest sums in ``column``, largest first; ties: more spend, then the lower key.

    Rows where it was never measured are left out.
    """
    order = list(dict.fromkeys((column, "spend_e7", key)))
    value, spend = pl.col(column), pl.col("spend_e7").fill_null(-1)
    last = value == value.min()  # what shares the last place: it may be nearly all, and sorting is what costs
    leading = sums.select(*order, place=pl.int_range(pl.len())).filter(value >= value.top_k(limit).min())
    places = (
        leading.filter(~last | (spend >= spend.filter(last).top_k(limit).min()))
        .sort(column, "spend_e7", key, descending=[True, True, False], nulls_last=True)
        .head(limit)["place"]
    )
    return sums[places]


@dataclass(frozen=True)
class Underperformer:
    """A row of sums that underperforms, and the sentence that says why."""

    sums: dict[str, Any]
    reason: str


def underperformers(
    campaigns: pl.DataFrame, thresholds: Thresholds, key: str, limit: int = TOP
) -> list[Underperformer]:
    """Campaigns with CTR under, spend over and conversions under the thresholds, highest spend first.

    A campaign whose CTR, spend or conversions were not measured never matches. Compared exactly.
    """
    measured = campaigns.drop_nulls(["ctr_clicks", "spend_e7", "conversions"])
    spenders = measured.sort("spend_e7", key, descending=[True, False])
    return list(_first(_matching(spenders, thresholds), limit))


def _matching(campaigns: pl.DataFrame, thresholds: Thresholds) -> Iterator[Underperformer]:
    for sums in campaigns.iter_rows(named=True):
        ctr, spend = exact(BY_NAME["ctr"], sums), exact(BY_NAME["spend"], sums)
        if spend is None or spend <= Fraction(thresholds.spend_over):
            return  # the next ones spent less
        low = ctr is not None and ctr < Fraction(thresholds.ctr_below)
        if low and sums["conversions"] < thresholds.conversions_under:
            yield Underperformer(sums, _reason(ctr, spend, sums["conversions"], thresholds))


def _reason(ctr: Fraction | None, spend: Fraction, conversions: int, thresholds: Thresholds) -> str:
    return (
        f"CTR {rounded(ctr, 2)} % is under {thresholds.ctr_below.normalize():f} %, "
        f"spend {rounded(spend, 2):,} is over {thresholds.spend_over.normalize():f}, "
        f"conversions {conversions} are fewer than {thresholds.conversions_under}"
    )


def _first(found: Iterator[Underperformer], limit: int) -> Iterator[Underperformer]:
    return (item for item, _ in zip(found, range(limit), strict=False))


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return min(number, Decimal(LARGEST)) if number.is_finite() and number >= 0 else None
