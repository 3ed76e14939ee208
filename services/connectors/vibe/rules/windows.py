"""Which days a report is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.errors import Terminal

REACH_DAYS = 45
"""How far back Vibe reports, and how many days one report covers at most."""
SETTLING_DAYS = 2


@dataclass(frozen=True)
class Window:
    """Days of one report, both included."""

    start: date
    end: date

    @property
    def days(self) -> list[date]:
        """Each of them, in order."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start} to {self.end}"


def usual_window(yesterday: date, settling_days: int | None) -> Window:
    """The last full days whose figures may still move: two, unless the source's setting says otherwise."""
    days = SETTLING_DAYS if settling_days is None else min(max(settling_days, 1), REACH_DAYS)
    return Window(yesterday - timedelta(days=days - 1), yesterday)


def check_days(start: date, end: date, today: date, latest: date | None = None) -> None:
    """Raise Terminal for days that Vibe has not, or no longer. ``latest``: it may be that day somewhere."""
    earliest, latest = today - timedelta(days=REACH_DAYS), latest or today
    if start < earliest:
        raise Terminal(f"Vibe reports the last {REACH_DAYS} days: {start} is before {earliest}")
    if end > latest:
        raise Terminal(f"{end} has not begun yet: the account's day is {latest}")


def windows_of(start: date, end: date, today: date) -> list[Window]:
    """A range in pieces of at most 45 days. Raises Terminal for days that Vibe has not, or no longer."""
    check_days(start, end, today)
    found, first = [], start
    while first <= end:
        last = min(end, first + timedelta(days=REACH_DAYS - 1))
        found.append(Window(first, last))
        first = last + timedelta(days=1)
    return found
