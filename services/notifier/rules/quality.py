"""Is a day's volume like that of its weekday? Is it a copy of another day?

A day is compared with the same weekday of the last eight weeks, by rows and by impressions: further from
the median than four times its usual spread, and below half or above twice of it. The spread is the median
absolute deviation × 1.4826, which is the standard deviation where figures are normally distributed
(Rousseeuw & Croux 1993), and does not mind single odd days in the past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

DAY = timedelta(days=1)
WEEKS = 8
FEWEST_WEEKS = 4
"""With fewer, a client is too new to say what is usual."""

SPREADS = 4.0
LOW, HIGH = 0.5, 2.0
SMALLEST = {"rows": 20, "impressions": 1000}
"""Where both the figure and what is usual are below, chance alone makes such changes."""

RECENT = timedelta(days=35)
"""Older days are not told about: a backfill of a year is no news."""


@dataclass(frozen=True)
class Volume:
    """A day of a source."""

    rows: int
    impressions: int


@dataclass(frozen=True)
class Copy:
    """A day that has the same rows as an earlier one of the same source."""

    source: str
    day: date
    other: date
    digest: str


@dataclass(frozen=True)
class Unusual:
    """A figure far from what is usual."""

    name: str
    value: int
    usual: int
    lowest: int
    highest: int
    weeks: int

    @property
    def direction(self) -> Literal["low", "high"]:
        return "low" if self.value < self.usual else "high"

    def __str__(self) -> str:
        return (
            f"{self.value:,} {self.name}, usually {self.usual:,} "
            f"({self.lowest:,} to {self.highest:,} on the last {self.weeks} of that weekday)"
        )


Verdict = Literal["usual", "unusual", "continues", "unknown"]


def judge(day: date, volumes: Mapping[date, Volume]) -> tuple[Verdict, list[Unusual]]:
    """What is unusual of a day of one source; ``volumes``: that source's days, this one's and those before.

    ``continues``: the day before was off in the same direction, so that it is a new level and no news.
    ``unknown``: the day is not there, or there are too few weeks to say what is usual.
    """
    found = _unusual(day, volumes)
    if found is None:
        return "unknown", []
    if not found:
        return "usual", []
    directions = {figure.direction for figure in _unusual(day - DAY, volumes) or ()}
    if all(figure.direction in directions for figure in found):
        return "continues", found
    return "unusual", found


def days_needed(days: Sequence[date]) -> tuple[date, date]:
    """The first and last day whose volumes ``judge`` needs for these days."""
    return min(days) - DAY - WEEKS * 7 * DAY, max(days)


def worth_a_look(days: Sequence[date], today: date) -> list[date]:
    """Those of the days that are over and recent."""
    return sorted(day for day in set(days) if today - RECENT <= day < today)


def _unusual(day: date, volumes: Mapping[date, Volume]) -> list[Unusual] | None:
    past = [volumes.get(day - week * 7 * DAY) for week in range(1, WEEKS + 1)]
    known = [volume for volume in past if volume is not None]
    now = volumes.get(day)
    if now is None or len(known) < FEWEST_WEEKS:
        return None
    figures = [
        _compared(name, getattr(now, name), [getattr(volume, name) for volume in known])
        for name in ("rows", "impressions")
    ]
    return [figure for figure in figures if figure is not None]


def _compared(name: str, value: int, past: Sequence[int]) -> Unusual | None:
    usual = median(past)
    if max(value, usual) < SMALLEST[name]:
        return None
    spread = 1.4826 * median(abs(each - usual) for each in past)
    far = abs(value - usual) > SPREADS * spread and not LOW * usual <= value <= HIGH * usual
    return Unusual(name, value, round(usual), min(past), max(past), len(past)) if far else None
