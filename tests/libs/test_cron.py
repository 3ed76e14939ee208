"""When schedules tick, above all on the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.cron import BadCron, Cron, checked_expression, checked_zone

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
EXPRESSIONS = (
    "30 2 * * *",
    "0 5 * * *",
    "0 2,3 * * *",
    "15 1-3 * * *",
    "0 7 1 * *",
    "0 7 * * MON",
    "*/30 * * * *",
)


def ticks(cron: Cron, start: datetime, end: datetime) -> list[datetime]:
    """Every tick after start up to end, each found from the one before."""
    found = [start]
    while (tick := cron.next_after(found[-1])) <= end:
        found.append(tick)
    return found[1:]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC), "01:00"),  # 02:30 is skipped: 03:00 summer time
        ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC), "07:00"),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC), "00:30"),  # 02:30 comes twice: the first one
        (
            "America/New_York",
            datetime(2026, 11, 1, tzinfo=UTC),
            "07:30",
        ),  # 01:xx comes twice there
    ],
)
def test_on_the_day_of_a_clock_change_a_fixed_time_comes_once(
    zone: str, day: datetime, expected: str
) -> None:
    found = ticks(Cron("30 2 * * *", zone), day, day + timedelta(days=1))
    assert [f"{tick:%H:%M}" for tick in found] == [expected]


def test_the_hour_that_comes_twice_in_new_york() -> None:
    day = datetime(2026, 11, 1, tzinfo=UTC)
    found = ticks(Cron("30 1 * * *", "America/New_York"), day, day + timedelta(days=1))
    assert [f"{tick:%H:%M}" for tick in found] == ["05:30"]


@pytest.mark.parametrize(("zone", "minute"), [("Europe/Berlin", 40), ("Europe/Berlin", 10)])
def test_in_the_repeated_hour_the_next_tick_is_never_in_the_past(zone: str, minute: int) -> None:
    repeated = datetime(2026, 10, 25, 1, minute, tzinfo=UTC)  # 02:xx for the second time
    cron = Cron("30 2 * * *", zone)
    assert cron.last_at(repeated) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert cron.next_after(repeated) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_job_of_every_half_hour_goes_on_evenly_through_both_changes() -> None:
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        found = ticks(Cron("*/30 * * * *", "Europe/Berlin"), day, day + timedelta(days=1))
        assert len(found) == 48


def test_a_moment_that_is_a_tick_is_its_own_last_one() -> None:
    cron = Cron("0 5 * * *", "Europe/Berlin")
    five = datetime(2026, 6, 1, 3, tzinfo=UTC)
    assert cron.last_at(five) == five
    assert cron.last_at(five + timedelta(microseconds=1)) == five
    assert cron.last_at(five - timedelta(microseconds=1)) == five - timedelta(days=1)
    assert cron.next_after(five) == five + timedelta(days=1)


def test_month_ends() -> None:
    found = ticks(Cron("0 7 L * *"), YEAR, datetime(2026, 4, 1, tzinfo=UTC))
    assert [tick.day for tick in found] == [31, 28, 31]
    assert Cron("0 7 31 * *").next_after(datetime(2026, 4, 1, tzinfo=UTC)).month == 5


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_last_and_next_agree_all_year(zone: str, expression: str) -> None:
    cron = Cron(expression, zone)
    for change in (datetime(2026, 3, 8), datetime(2026, 3, 29), datetime(2026, 4, 5), datetime(2026, 10, 25)):  # noqa: DTZ001
        start = change.replace(tzinfo=UTC) - timedelta(days=1)
        end = start + timedelta(days=3)
        found = ticks(cron, start, end)
        assert found == sorted(set(found))
        moment, known = start, [cron.last_at(start), *found]
        while moment < end:
            assert cron.last_at(moment) == max(tick for tick in known if tick <= moment)
            moment += timedelta(minutes=17, seconds=3)


@given(st.integers(0, 3600 * 24 * 400), st.sampled_from(ZONES), st.sampled_from(EXPRESSIONS))
@settings(max_examples=150)
def test_a_moment_lies_between_its_ticks(seconds: int, zone: str, expression: str) -> None:
    moment, cron = YEAR + timedelta(seconds=seconds), Cron(expression, zone)
    last, following = cron.last_at(moment), cron.next_after(moment)
    assert last <= moment < following
    assert cron.next_after(last) == following
    assert cron.last_at(following - timedelta(seconds=1)) == last


@pytest.mark.parametrize(
    "wrong", ["", "hello", "0 5 * *", "0 25 * * *", "61 * * * *", "0 5 * * * * *", "0 0 31 2 *"]
)
def test_a_wrong_expression_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(BadCron, match=r"cron expression|never comes"):
        checked_expression(wrong)


@pytest.mark.parametrize("wrong", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe"])
def test_a_wrong_zone_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(BadCron, match="time zone"):
        checked_zone(wrong)


def test_good_ones_pass() -> None:
    assert checked_expression("*/5 * * * *") == "*/5 * * * *"
    assert checked_zone("Europe/Berlin") == "Europe/Berlin"
