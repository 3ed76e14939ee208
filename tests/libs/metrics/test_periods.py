"""A cover is made of whole periods, has every day once, and no smaller one exists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.periods import DAY, Period, cover, days_of, end_of, previous, start_of

dates = st.dates(date(2020, 1, 1), date(2030, 12, 31))
periods = st.sampled_from(("day", "week", "month"))


@given(day=dates, period=periods)
def test_a_period_holds_its_days(day: date, period: Period) -> None:
    start, end = start_of(period, day), end_of(period, day)
    assert start <= day < end
    assert {start_of(period, d) for d in days_of(start, end)} == {start}
    assert start_of(period, end) == end
    assert end_of(period, previous(period, start)) == start


@given(start=dates, length=st.integers(0, 420))
def test_a_cover_is_the_days(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    covered = [day for period, first in cover(start, end) for day in days_of(first, end_of(period, first))]
    assert covered == list(days_of(start, end))
    assert all(start_of(period, first) == first for period, first in cover(start, end))


@given(start=dates, length=st.integers(0, 40))
def test_no_cover_is_smaller(start: date, length: int) -> None:
    end = start + timedelta(days=length)

    def smallest(day: date) -> int:
        if day == end:
            return 0
        found = 1 + smallest(day + DAY)
        for period in ("week", "month"):
            stop = end_of(period, day)
            if start_of(period, day) == day and stop <= end:
                found = min(found, 1 + smallest(stop))
        return found

    assert len(cover(start, end)) == smallest(start)


@given(start=dates, length=st.integers(0, 70))
def test_only_the_periods_asked_for(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert {period for period, _ in cover(start, end, ("week", "day"))} <= {"week", "day"}
    assert cover(start, end, ["day"]) == [("day", day) for day in days_of(start, end)]


@pytest.mark.parametrize(
    ("start", "end", "blocks"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), 1),
        (date(2025, 10, 17), date(2026, 11, 17), 24),
        (date(2026, 3, 2), date(2026, 3, 9), 1),
    ],
)
def test_a_year_is_a_few_blocks(start: date, end: date, blocks: int) -> None:
    assert len(cover(start, end)) <= blocks
