"""Periods, and when data is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal
from uuid import uuid4

import pytest

from libs.reading.ranges import Range
from services.reporter.rules import Due, body, lacking, period_of, subject
from tests.libs.exports.reports import report


@pytest.mark.parametrize(
    ("frequency", "due", "first", "last"),
    [
        ("weekly", date(2026, 10, 5), date(2026, 9, 28), date(2026, 10, 4)),
        ("weekly", date(2026, 10, 7), date(2026, 9, 28), date(2026, 10, 4)),
        ("weekly", date(2027, 1, 4), date(2026, 12, 28), date(2027, 1, 3)),
        ("monthly", date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        ("monthly", date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_report_is_of_the_whole_period_before(
    frequency: Literal["weekly", "monthly"], due: date, first: date, last: date
) -> None:
    days = period_of(frequency, due)
    assert (days.start, days.last) == (first, last)


def test_what_is_lacking_is_named() -> None:
    days = Range(date(2026, 10, 5), date(2026, 10, 12))
    whole = {"source": "vibe", "missing_days": []}
    part = {"source": "surfside", "missing_days": [{"date": date(2026, 10, 6)}]}
    assert lacking([whole], days, date(2026, 10, 12)) == []
    assert lacking([whole, part], days, date(2026, 10, 12)) == ["surfside: 1 of 7 days"]
    assert lacking([whole], days, date(2026, 10, 11)) == ["the period ends on 2026-10-11"]


def test_a_report_has_one_message_id_for_ever() -> None:
    schedule, now = uuid4(), datetime.now(UTC)
    first = Due(1, schedule, date(2026, 10, 5), 1, 0.0, now)
    again = Due(1, schedule, date(2026, 10, 5), 9, 30.0, now)
    next_week = Due(1, schedule, date(2026, 10, 12), 1, 0.0, now)
    assert first.message_id == again.message_id != next_week.message_id


def test_a_letter_says_whose_and_when_and_what_to_note() -> None:
    made = report(client="North\r\nBcc: x@y.example")
    text = body(made, ["The workbook has no sheet of 30,000 creatives."])
    assert subject(made).endswith("1 March 2026 to 31 March 2026")
    assert "Spend: 6,562.50 USD (+13.3 %)" in text
    assert "- surfside: 1 day is missing" in text
    assert "- The workbook has no sheet" in text
    assert "Media cost" not in text
