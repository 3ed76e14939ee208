"""Which days a trend's days are compared with, and which rows a page of days holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from libs.metrics.periods import DAY
from libs.reading.ranges import Range

Compare = Literal["previous_period", "previous_year"]


def year_before(day: date) -> date:
    """The same date a year earlier; of February 29, the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def compared(piece: Range, asked: Range, compare: Compare) -> Range:
    """The days that a piece of the asked range is compared with, one for one."""
    if compare == "previous_year":
        return Range(year_before(piece.start), year_before(piece.last) + DAY)
    shift = timedelta(days=asked.days)
    return Range(piece.start - shift, piece.end - shift)


@dataclass(frozen=True)
class DayRows:
    """So many rows of a client on a day, perhaps without the first few."""

    day: date
    client: int
    rows: int
    skipped: int = 0


def page_of_days(days: Iterable[DayRows], offset: int, size: int) -> Iterator[DayRows]:
    """The part of each day that stands on a page of the days' rows, one day after the other."""
    for found in days:
        if size <= 0:
            return
        if offset >= found.rows:
            offset -= found.rows
            continue
        taken = min(found.rows - offset, size)
        yield DayRows(found.day, found.client, taken, offset)
        offset, size = 0, size - taken
