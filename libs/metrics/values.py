"""From sums to the numbers that people see: exact decimals, rounded half up once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from libs.metrics.registry import METRICS, Metric, Term

Sums = Mapping[str, int | None]
"""Summed columns of ``libs.metrics.measures.SUMS`` by name; those that a metric needs must be there."""

PERCENT_DECIMALS = 2
"""Of a relative change, as shown."""
_WIDE = Context(prec=60)


def exact(metric: Metric, sums: Sums) -> Fraction | None:
    """The value, exact; None where a sum was never measured or the denominator is zero."""
    numerator = _scaled(metric.numerator, sums)
    if numerator is None:
        return None
    if metric.minus:
        subtracted = _scaled(metric.minus, sums)
        return None if subtracted is None else numerator - subtracted
    if metric.denominator is None:
        return numerator
    denominator = _scaled(metric.denominator, sums)
    return numerator / denominator * metric.multiplier if denominator else None


def shown(metric: Metric, sums: Sums) -> Decimal | None:
    """The value as it is shown: rounded half up to the registry's decimals."""
    return rounded(exact(metric, sums), metric.decimals)


def show(sums: Sums, metrics: Iterable[Metric] = METRICS) -> dict[str, Decimal | None]:
    """Shown values by metric name."""
    return {metric.name: shown(metric, sums) for metric in metrics}


def unrounded(metric: Metric, sums: Sums) -> Decimal | None:
    """The exact value of an additive metric (a sum has at most seven decimals), e.g. for row-level files."""
    if not metric.additive:
        raise ValueError(f"{metric.name} is a quotient: it has no exact decimal form")
    value = exact(metric, sums)
    if value is None:
        return None
    terms = (metric.numerator, metric.minus)
    return rounded(value, max(term.scale for term in terms if term))


def coverage(metric: Metric, sums: Sums) -> Fraction | None:
    """The share (0 to 1) of the impressions that a metric covers; None where there are no impressions."""
    everything = sums["impressions"]
    if not everything:
        return None
    return Fraction(1) if metric.covered is None else Fraction(sums[metric.covered] or 0, everything)


def rounded(value: Fraction | None, decimals: int) -> Decimal | None:
    """Half up: away from zero at exactly one half. Exact integer arithmetic, no intermediate rounding."""
    if value is None:
        return None
    numerator, denominator = value.as_integer_ratio()
    whole, rest = divmod(abs(numerator) * 10**decimals, denominator)
    whole += 2 * rest >= denominator
    return Decimal(whole if numerator >= 0 else -whole).scaleb(-decimals, _WIDE)


@dataclass(frozen=True)
class Delta:
    """How a metric changed against an earlier period. ``reason`` says why a number is missing."""

    absolute: Decimal | None
    percent: Decimal | None
    reason: str | None


NOT_MEASURED = "not_measured"
PREVIOUS_NOT_MEASURED = "previous_not_measured"
PREVIOUS_IS_ZERO = "previous_is_zero"
NO_PREVIOUS_PERIOD = "no_previous_period"
PREVIOUS_PERIOD_PARTIAL = "previous_period_partial"
"""Deliveries began in the midst of it: what is there cannot be compared."""


def delta(metric: Metric, now: Sums, before: Sums | None, *, partial: bool = False) -> Delta:
    """The change from ``before`` (None: there is no comparable period; ``partial``: only in part) to ``now``.

    Computed from exact values and rounded at the end: absolute to the metric's decimals, percent
    ((now − before) / before × 100) to two.
    """
    if before is None:
        return Delta(None, None, NO_PREVIOUS_PERIOD)
    if partial:
        return Delta(None, None, PREVIOUS_PERIOD_PARTIAL)
    new, old = exact(metric, now), exact(metric, before)
    if new is None or old is None:
        return Delta(None, None, NOT_MEASURED if new is None else PREVIOUS_NOT_MEASURED)
    absolute = rounded(new - old, metric.decimals)
    if old == 0:
        return Delta(absolute, None, PREVIOUS_IS_ZERO)
    return Delta(absolute, rounded((new - old) / abs(old) * 100, PERCENT_DECIMALS), None)


def _scaled(term: Term, sums: Sums) -> Fraction | None:
    value = sums[term.column]
    return None if value is None else Fraction(value, 10**term.scale)
