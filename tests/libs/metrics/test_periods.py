"""A cover is made of whole periods, has every day once, and no smaller one exists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.periods import DAY, Period, cover, cover_of_rows, days_of, end_of, previous, start_of

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


@given(start=dates, length=st.integers(1, 420), more=st.integers(0, 420), shift=st.integers(-60, 60))
def test_a_cover_of_rows_has_all_rows_of_the_range_and_no_others(
    start: date, length: int, more: int, shift: int
) -> None:
    first = start + timedelta(days=shift)
    end, last = start + timedelta(days=length), first + timedelta(days=more)
    found = cover_of_rows(start, end, (first, last))
    covered = [day for period, begun in found for day in days_of(begun, end_of(period, begun))]
    assert [day for day in covered if first <= day <= last] == [
        day for day in days_of(start, end) if first <= day <= last
    ]
    assert len(found) <= len(cover(start, end))


def test_the_month_under_way_is_one_period() -> None:
    rows = (date(2025, 10, 26), date(2026, 11, 25))
    assert len(cover_of_rows(date(2025, 10, 26), date(2026, 11, 26), rows)) == 14
    assert cover_of_rows(date(2026, 11, 20), date(2026, 11, 26), rows) == [
        *(("day", date(2026, 11, day)) for day in (20, 21, 22)),
        ("week", date(2026, 11, 23)),
    ]


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
