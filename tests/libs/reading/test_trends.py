"""Which days a source owes, and what a day without rows is called."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from libs.operations.days import Supply
from libs.reading.ranges import Range
from libs.reading.trends import Deliveries, freshness, state_of

FIRST = date(2026, 10, 5)
WEEK = Range(FIRST, FIRST + timedelta(days=7))
TODAY = WEEK.end
SET_UP = datetime(2026, 9, 1, tzinfo=UTC)


def day(number: int) -> date:
    """The n-th day of the week, from 0."""
    return FIRST + timedelta(days=number)


def supply(source: str = "surfside", **given: Any) -> Supply:
    """An enabled source that was set up weeks ago and never delivered."""
    usual: dict[str, Any] = {"timezone": "UTC", "enabled": True, "since": SET_UP}
    none_came = {"first_day": None, "last_day": None, "last_at": None}
    return Supply(client=1, source=source, **{**usual, **none_came, **given})


def fresh(*supplies: Supply, standing: dict[date, dict[str, int]] | None = None) -> dict[str, Any]:
    """What is told of the one source."""
    known = Deliveries(standing or {}, {}, None, tuple(supplies))
    (found,) = freshness({supplies[0].source: 14}, known, WEEK, TODAY)
    return found


def missing(found: dict[str, Any]) -> list[int]:
    return [(each["date"] - FIRST).days for each in found["missing_days"]]


@pytest.mark.parametrize("source", ["surfside", "vibe"])
def test_a_source_that_was_set_up_and_never_delivered_owes_every_day(source: str) -> None:
    found = fresh(supply(source))
    assert missing(found) == list(range(7))
    assert found["latest_day"] is None
    assert found["not_uploaded_from"] is None


def test_a_source_owes_nothing_from_before_it_was_set_up() -> None:
    since = datetime(2026, 10, 8, 1, tzinfo=UTC)
    assert missing(fresh(supply(since=since))) == [3, 4, 5, 6]
    assert missing(fresh(supply(since=since, timezone="America/New_York"))) == [2, 3, 4, 5, 6]
    assert missing(fresh(supply(since=since, first_day=day(1), last_day=day(1)))) == [1, 2, 3, 4, 5, 6]


def test_a_source_that_is_switched_off_owes_nothing_after_its_last_delivery() -> None:
    ended: dict[str, Any] = {"enabled": False, "first_day": day(0), "last_day": day(3)}
    standing = {day(0): {"surfside": 1}, day(3): {"surfside": 1}}
    assert missing(fresh(supply(**ended), standing=standing)) == [1, 2]
    assert missing(fresh(supply(enabled=False))) == []


def test_days_that_are_not_uploaded_yet_are_told_and_not_missing() -> None:
    uploaded: dict[str, Any] = {"first_day": day(0), "last_day": day(2)}
    standing = {day(number): {"facebook": 1} for number in range(3)}
    found = fresh(supply("facebook", **uploaded), standing=standing)
    assert (missing(found), found["not_uploaded_from"]) == ([], day(3))
    without_settings = fresh(supply("facebook", enabled=False, since=None, **uploaded), standing=standing)
    assert without_settings["not_uploaded_from"] == day(3)
    ended = fresh(supply("facebook", enabled=False, **uploaded), standing=standing)
    assert ended["not_uploaded_from"] is None
    assert fresh(supply("facebook"))["not_uploaded_from"] == day(0)
    assert fresh(supply("facebook", first_day=day(0), last_day=day(6)))["not_uploaded_from"] is None


def test_of_several_clients_each_owes_its_days() -> None:
    begun = supply(first_day=day(0), last_day=day(6))
    standing = {day(number): {"surfside": 1} for number in range(7)}
    assert missing(fresh(begun, standing=standing)) == []
    assert missing(fresh(begun, supply(since=datetime(2026, 10, 10, tzinfo=UTC)), standing=standing)) == [
        5,
        6,
    ]


def test_a_day_that_was_owed_is_not_from_before_the_first_delivery() -> None:
    def reason(*supplies: Supply) -> str:
        known = Deliveries({}, {}, None, supplies)
        state = state_of(WEEK, has_rows=False, today=TODAY, provisional=None, known=known)
        return str(state["reason"])

    assert reason(supply()) == "not_delivered"
    assert reason(supply(since=datetime(2026, 10, 20, tzinfo=UTC))) == "before_first_delivery"
    assert reason(supply("facebook")) == "before_first_delivery"
