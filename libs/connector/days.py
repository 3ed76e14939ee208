"""Days as a connector counts them: ranges that are asked for, and the window that still settles. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from libs.errors import Terminal

MAX_DAYS = 400
"""Of one pull; a longer past is asked for in pieces."""


def settling_window(yesterday: date, settling_days: int) -> list[date]:
    """Yesterday and the days whose figures may still move, newest first."""
    return [yesterday - timedelta(days=back) for back in range(settling_days + 1)]


def days_between(first: date, last: date) -> list[date]:
    """Every day of a range, both ends included. Raises Terminal for more than MAX_DAYS."""
    count = (last - first).days + 1
    if count > MAX_DAYS:
        raise Terminal(f"{first} to {last} are {count} days; ask for at most {MAX_DAYS} at a time")
    return [first + timedelta(days=number) for number in range(count)]
