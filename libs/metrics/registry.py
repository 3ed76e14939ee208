"""Every metric once: name, formula, unit, decimals, and who may see it.

A metric is a formula over *sums* (columns of ``rollups``, see ``libs.metrics.measures``):

    value = (numerator − minus) / denominator × multiplier

with ``minus`` and ``denominator`` left out where the formula has none.
SQL, API, exports and the page's labels all come from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a value counts. ``RATIO`` has no unit of its own."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"


class Audience(StrEnum):
    """Who may see a metric."""

    EVERYONE = "everyone"
    COST = "cost"
    """Admins, and users of a client whose settings have ``show_media_cost: true``."""


@dataclass(frozen=True)
class Term:
    """A summed column and the power of ten that its integers are scaled by."""

    column: str
    scale: int = 0


@dataclass(frozen=True)
class Metric:
    """One metric. ``decimals``: as shown, rounded half up and only then."""

    name: str
    label: str
    unit: Unit
    decimals: int
    numerator: Term
    minus: Term | None = None
    denominator: Term | None = None
    multiplier: int = 1
    covered: str | None = None
    """The column with the impressions of the rows that the formula is summed over; None: all rows."""
    audience: Audience = Audience.EVERYONE
    description: str = ""

    @property
    def additive(self) -> bool:
        """Whether values of parts may be added up; the others are computed from sums only."""
        return self.denominator is None

    @property
    def columns(self) -> tuple[str, ...]:
        """The summed columns that the value needs, the coverage included."""
        terms = (self.numerator, self.minus, self.denominator)
        names = [term.column for term in terms if term] + ([self.covered] if self.covered else [])
        return tuple(dict.fromkeys(names))

    @property
    def formula(self) -> str:
        """The formula as a person reads it."""
        return _FORMULAS.get(self.name, f"sum of {self.label.lower()}")


_MICROS, _E7 = 6, 7

METRICS: tuple[Metric, ...] = (
    Metric("impressions", "Impressions", Unit.COUNT, 0, Term("impressions")),
    Metric("clicks", "Clicks", Unit.COUNT, 0, Term("clicks")),
    Metric("conversions", "Conversions", Unit.COUNT, 0, Term("conversions")),
    Metric(
        "conversion_revenue",
        "Conversion revenue",
        Unit.MONEY,
        2,
        Term("conversion_revenue_micros", _MICROS),
        description="What the conversions were worth, as the platform reports it",
    ),
    Metric(
        "spend",
        "Spend",
        Unit.MONEY,
        2,
        Term("spend_e7", _E7),
        description="Impressions at the client's own CPM; not what the media cost",
    ),
    Metric(
        "media_cost",
        "Media cost",
        Unit.MONEY,
        2,
        Term("media_cost_micros", _MICROS),
        audience=Audience.COST,
        description="What the platform charged",
    ),
    Metric(
        "margin",
        "Margin",
        Unit.MONEY,
        2,
        Term("margin_spend_e7", _E7),
        minus=Term("margin_cost_micros", _MICROS),
        covered="margin_impressions",
        audience=Audience.COST,
    ),
    Metric("video_completions", "Video completions", Unit.COUNT, 0, Term("video_completions")),
    Metric(
        "ctr",
        "CTR",
        Unit.PERCENT,
        6,
        Term("ctr_clicks"),
        denominator=Term("ctr_impressions"),
        multiplier=100,
        covered="ctr_impressions",
    ),
    Metric(
        "cpc",
        "CPC",
        Unit.MONEY,
        4,
        Term("cpc_spend_e7", _E7),
        denominator=Term("cpc_clicks"),
        covered="cpc_impressions",
    ),
    Metric(
        "cpa",
        "CPA",
        Unit.MONEY,
        4,
        Term("cpa_spend_e7", _E7),
        denominator=Term("cpa_conversions"),
        covered="cpa_impressions",
    ),
    Metric(
        "cpm",
        "CPM",
        Unit.MONEY,
        4,
        Term("cpm_spend_e7", _E7),
        denominator=Term("cpm_impressions"),
        multiplier=1000,
        covered="cpm_impressions",
    ),
    Metric(
        "roas",
        "ROAS",
        Unit.PERCENT,
        4,
        Term("roas_revenue_micros", _MICROS),
        denominator=Term("roas_spend_e7", _E7),
        multiplier=100,
        covered="roas_impressions",
    ),
)
"""In the order in which people read them."""

_FORMULAS = {
    "spend": "impressions × CPM ÷ 1000, by the rate of each day",
    "margin": "spend − media cost",
    "ctr": "clicks ÷ impressions × 100",
    "cpc": "spend ÷ clicks",
    "cpa": "spend ÷ conversions",
    "cpm": "spend ÷ impressions × 1000",
    "roas": "conversion revenue ÷ spend × 100",
}

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
ADDITIVE: tuple[Metric, ...] = tuple(metric for metric in METRICS if metric.additive)
RATIOS: tuple[Metric, ...] = tuple(metric for metric in METRICS if not metric.additive)
SHOW_COST_SETTING = "show_media_cost"
"""The key in ``clients.settings`` that lets a client's users see media cost and margin."""


def visible(*, admin: bool, show_cost: bool = False) -> tuple[Metric, ...]:
    """The metrics that somebody may see; ``show_cost``: the client's ``show_media_cost`` setting."""
    return tuple(m for m in METRICS if admin or show_cost or m.audience is Audience.EVERYONE)


def sql_value(metric: Metric, column: Callable[[str], str] = lambda name: name) -> str:
    """An expression for the exact (unrounded; quotients to PostgreSQL's 16+ digits) value of a metric.

    ``column`` makes the SQL of a summed column, e.g. ``lambda c: f"sum(r.{c})"``. Null where the
    denominator is zero or a sum was never measured.
    """

    def scaled(term: Term) -> str:
        return f"({column(term.column)})::numeric" + (f" / {10**term.scale}" if term.scale else "")

    if metric.minus:
        return f"({scaled(metric.numerator)} - {scaled(metric.minus)})"
    if metric.denominator is None:
        return f"({scaled(metric.numerator)})"
    factor, divisor = powers(metric)
    numerator = f"({column(metric.numerator.column)})::numeric * {factor}"
    denominator = f"nullif({column(metric.denominator.column)}, 0)"
    return f"({numerator} / ({denominator} * {divisor}::numeric))"


def powers(metric: Metric) -> tuple[int, int]:
    """Multiplier and scales of a ratio as one fraction of integers: factor, divisor."""
    assert metric.denominator is not None  # noqa: S101 - for the type checker; callers have looked
    shift = metric.denominator.scale - metric.numerator.scale
    return (metric.multiplier * 10**shift, 1) if shift >= 0 else (metric.multiplier, 10**-shift)
