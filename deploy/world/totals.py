"""What a generated file adds up to, in integers: the right answer, known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """One line of a report. Money in millionths; ``media_cost_micros`` None: the cell is blank."""

    day: date
    campaign: str
    strategy: str
    placement: str
    creative: str
    size: str
    impressions: int
    clicks: int
    conversions: int
    revenue_micros: int
    media_cost_micros: int | None

    @property
    def grain(self) -> tuple[date, str, str, str, str]:
        """What identifies a row once it is loaded; runs of white space count as one space."""
        names = (self.campaign, self.strategy, self.placement, self.creative)
        campaign, strategy, placement, creative = (" ".join(name.split()) for name in names)
        return self.day, campaign, strategy, placement, creative


@dataclass(frozen=True)
class Totals:
    """Sums over lines. ``rows``: lines after those of one grain were summed."""

    lines: int = 0
    rows: int = 0
    impressions: int = 0
    clicks: int = 0
    conversions: int = 0
    conversion_revenue_micros: int = 0
    media_cost_micros: int = 0

    def spend(self, cpm: Decimal | None) -> Decimal | None:
        """Exact, seven decimals: impressions × CPM / 1000; None without a rate."""
        return None if cpm is None else self.impressions * cpm / 1000


def totals_of(rows: Iterable[Row]) -> Totals:
    """The sums of some lines."""
    taken = list(rows)
    return Totals(
        lines=len(taken),
        rows=len({row.grain for row in taken}),
        impressions=sum(row.impressions for row in taken),
        clicks=sum(row.clicks for row in taken),
        conversions=sum(row.conversions for row in taken),
        conversion_revenue_micros=sum(row.revenue_micros for row in taken),
        media_cost_micros=sum(row.media_cost_micros or 0 for row in taken),
    )


def sum_of(parts: Iterable[Totals]) -> Totals:
    """The sums of several days or clients (grains of different days never meet)."""
    taken = list(parts)
    return Totals(
        **{name: sum(getattr(part, name) for part in taken) for name in Totals.__dataclass_fields__}
    )
