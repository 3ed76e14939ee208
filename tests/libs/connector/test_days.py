"""Ranges and windows of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.connector.days import days_between, settling_window
from libs.errors import Terminal

DAY = date(2025, 11, 4)


def test_the_window_is_yesterday_and_the_settling_days() -> None:
    assert settling_window(DAY, 2) == [DAY, DAY - timedelta(days=1), DAY - timedelta(days=2)]
    assert settling_window(DAY, 0) == [DAY]


def test_ranges_hold_both_ends_and_are_bounded() -> None:
    assert days_between(DAY, DAY) == [DAY]
    assert len(days_between(date(2024, 1, 1), date(2024, 12, 31))) == 366
    with pytest.raises(Terminal, match="at most 400"):
        days_between(date(2020, 1, 1), DAY)
