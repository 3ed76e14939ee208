"""Days, ISO weeks and months: which periods make up a range."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Literal

Period = Literal["day", "week", "month"]
LARGEST_FIRST: tuple[Period, ...] = ("month", "week", "day")
DAY = timedelta(days=1)


def start_of(period: Period, day: date) -> date:
    """The first day of the period that a day belongs to (weeks start on Monday)."""
    if period == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if period == "week" else day


def end_of(period: Period, day: date) -> date:
    """The day after the last one of the period that a day belongs to."""
    first = start_of(period, day)
    if period == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if period == "week" else 1)


def previous(period: Period, start: date) -> date:
    """The start of the period before."""
    return start_of(period, start - DAY)


def days_of(start: date, end: date) -> Iterator[date]:
    """The days from ``start`` to before ``end``."""
    return (start + timedelta(days=n) for n in range((end - start).days))


def cover(start: date, end: date, periods: Collection[Period] = LARGEST_FIRST) -> list[tuple[Period, date]]:
    """The fewest whole periods that make up the days from ``start`` to before ``end``, in order.

    A shortest path over the days: from each day, the periods that start there and do not pass the end.
    """
    length = (end - start).days
    fewest: list[int] = [0] * (length + 1)
    choice: list[Period] = ["day"] * length
    for offset in range(length - 1, -1, -1):
        day = start + timedelta(days=offset)
        fewest[offset] = length + 1
        for period in LARGEST_FIRST:
            stop = (end_of(period, day) - start).days
            fits = period in periods and start_of(period, day) == day and stop <= length
            if fits and fewest[stop] + 1 < fewest[offset]:
                fewest[offset], choice[offset] = fewest[stop] + 1, period
    return list(_walk(start, length, choice))


def cover_of_rows(start: date, end: date, rows: tuple[date, date]) -> list[tuple[Period, date]]:
    """The fewest whole periods with all rows of a range, where there are none before the first and after the
    last of the days ``rows``: the month that is under way is one period, and not its weeks and days.
    """
    first, last = rows
    starts = {start} | ({start_of(p, first) for p in LARGEST_FIRST} if start <= first else set())
    ends = {end} | ({end_of(p, last) for p in LARGEST_FIRST} if end > last else set())
    covers = [cover(s, e) for s in sorted(starts) for e in sorted(ends) if s < e]
    return min(covers, key=len)


def _walk(start: date, length: int, choice: list[Period]) -> Iterator[tuple[Period, date]]:
    offset = 0
    while offset < length:
        day = start + timedelta(days=offset)
        yield choice[offset], day
        offset = (end_of(choice[offset], day) - start).days
