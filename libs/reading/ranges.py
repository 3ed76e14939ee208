"""Ranges of account days: inclusive as people type them, half-open inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from libs.metrics.periods import Period, start_of

DAY = timedelta(days=1)
DEFAULT_DAYS = 30
ROW_LEVEL_DAYS = 400
LONGEST_DAYS = 3660
"""Of any answer: ten years."""
OLDEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class BadRange(ValueError):
    """The text says what is wrong with the days that were asked for."""


@dataclass(frozen=True)
class Range:
    """Account days from ``start`` to before ``end``."""

    start: date
    end: date

    @property
    def last(self) -> date:
        return self.end - DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def previous(self) -> Range:
        """The range of the same length just before."""
        return Range(self.start - timedelta(days=self.days), self.start)

    def begins_late(self, first_day: date | None) -> bool:
        """Whether deliveries that began on that day leave out the beginning of the range, not all of it."""
        return first_day is not None and self.start < first_day < self.end

    def as_typed(self) -> dict[str, date]:
        """Both days belong to it."""
        return {"start": self.start, "end": self.last}


def period_before(period: Period, start: date) -> Range:
    """The week or month before the one that begins on that day."""
    return Range(start_of(period, start - DAY), start)


def today_in(timezone: str, now: datetime) -> date:
    """The account's day at a moment."""
    return now.astimezone(ZoneInfo(timezone)).date()


def chosen(start: date | None, end: date | None, today: date, *, longest: int = LONGEST_DAYS) -> Range:
    """The range of two typed days; the last 30 complete days where left out. Raises BadRange."""
    for day in (start, end):
        if day is not None and not OLDEST <= day <= LATEST:
            raise BadRange(f"{day} is not between {OLDEST} and {LATEST}")
    last = end or max(today - DAY, start or OLDEST)
    first = start or last - timedelta(days=DEFAULT_DAYS - 1)
    if last < first:
        raise BadRange(f"end_date {last} is before start_date {first}")
    if (last - first).days >= longest:
        raise BadRange(f"{(last - first).days + 1} days were asked for; at most {longest} can be")
    return Range(first, last + DAY)


def provisional_from(today: date, settling: Mapping[str, int]) -> date | None:
    """The first day whose figures may still move; None where there is no source."""
    return min((today - timedelta(days=days) for days in settling.values()), default=None)


def is_provisional(last_day: date, first_provisional: date | None) -> bool:
    """Whether a period that ends on that day may still change."""
    return first_provisional is not None and last_day >= first_provisional
