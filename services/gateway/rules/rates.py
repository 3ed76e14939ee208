"""CPMs: which one applies on a day, and what a change does to spend. Exact integers throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from libs.metrics.measures import LARGEST_DAY

CPM_SCALE = 4
"""Decimals of a CPM; impressions × CPM at this scale is spend in ten-millionths of the currency."""
SPEND_SCALE = 7


@dataclass(frozen=True)
class Rate:
    """A CPM from a day on, for one source, or (None) for all without one of their own."""

    source: str | None
    effective_date: date
    cpm: Decimal

    @property
    def cpm_e4(self) -> int:
        return int(self.cpm.scaleb(CPM_SCALE))


@dataclass(frozen=True)
class DaySums:
    """What was delivered on a day by one source, and what it counts as spend now."""

    source: str
    day: date
    rows: int
    impressions: int | None
    spend_e7: int | None


def in_force(rates: Iterable[Rate], source: str, day: date) -> Rate | None:
    """The latest rate of the source on or before a day if there is any, else the latest general one."""
    begun = [rate for rate in rates if rate.effective_date <= day and rate.source in (source, None)]
    return max(begun, key=lambda rate: (rate.source is not None, rate.effective_date), default=None)


def with_rate(rates: Iterable[Rate], new: Rate) -> list[Rate]:
    """The rates with a new one; it replaces the one for the same source and day."""
    return [*without_rate(rates, new), new]


def without_rate(rates: Iterable[Rate], gone: Rate) -> list[Rate]:
    """The rates without the one for this source and day."""
    key = (gone.source, gone.effective_date)
    return [rate for rate in rates if (rate.source, rate.effective_date) != key]


def effect(before: Sequence[Rate], after: Sequence[Rate], days: Iterable[DaySums]) -> dict[str, Any]:
    """What a change of rates does: rows and days that are priced anew, and their spend before and after."""
    changed = [day for day in days if _cpm(before, day) != _cpm(after, day)]
    old = sum(day.spend_e7 or 0 for day in changed)
    new = sum((day.impressions or 0) * (_cpm(after, day) or 0) for day in changed)
    dates = sorted({day.day for day in changed})
    return {
        "rows": sum(day.rows for day in changed),
        "days": len(dates),
        "first_day": dates[0] if dates else None,
        "last_day": dates[-1] if dates else None,
        "spend_before": money(old),
        "spend_after": money(new),
        "spend_change": money(new - old),
    }


def refusal(before: Sequence[Rate], after: Sequence[Rate], days: Iterable[DaySums]) -> str | None:
    """Why a change of rates cannot be right: the spend of a day that it prices is beyond all bounds, and
    would stop the sums of its month. Names the day with the most impressions, and the highest CPM for it.
    """
    changed = [day for day in days if _cpm(before, day) != _cpm(after, day)]
    wrong = [day for day in changed if (day.impressions or 0) * (_cpm(after, day) or 0) > LARGEST_DAY]
    if not wrong:
        return None
    most = max(wrong, key=lambda day: day.impressions or 0)
    impressions, cpm = most.impressions or 0, _cpm(after, most) or 0
    return (
        f"{most.source} had {impressions:,} impressions on {most.day}: the highest CPM that can be right is "
        f"{_as_cpm(LARGEST_DAY // impressions)}, and {_as_cpm(cpm)} would be in force"
    )


def _as_cpm(cpm_e4: int) -> Decimal:
    return Decimal(cpm_e4).scaleb(-CPM_SCALE)


def money(spend_e7: int) -> Decimal:
    """Exact, with seven decimals."""
    return Decimal(spend_e7).scaleb(-SPEND_SCALE)


def _cpm(rates: Sequence[Rate], day: DaySums) -> int | None:
    rate = in_force(rates, day.source, day.day)
    return rate.cpm_e4 if rate else None


def rate_of(row: Mapping[Any, Any]) -> Rate:
    """From a row of client_settings."""
    return Rate(row["source"], row["effective_date"], row["cpm"])
