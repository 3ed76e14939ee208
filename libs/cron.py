"""Cron expressions in a time zone: when is the next tick, when was the last one.

Five fields as in Debian's cron, read by cronsim. On the days on which clocks change, a job at a fixed time
happens exactly once: a time that is skipped is made up for at the first minute after the gap, a time that
comes twice counts the first time. (A star in minutes or hours means real time: such jobs go on evenly.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

_SECOND = timedelta(seconds=1)
_AROUND_A_CHANGE = timedelta(hours=4)
"""cronsim counts by the clock on the wall, which repeats up to that much when it is set back."""


class BadCron(ValueError):
    """Not a cron expression, not a time zone, or one that never comes."""


def checked_expression(expression: str) -> str:
    """The expression itself. Raises BadCron with a sentence for a person."""
    try:
        next(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise BadCron(
            f"{expression!r} is not a cron expression ({error}): five fields, minute hour day month weekday, "
            "like 0 5 * * *"
        ) from None
    except StopIteration:
        raise BadCron(f"{expression!r} never comes: no month has such a day") from None
    return expression


def checked_zone(name: str) -> str:
    """The name itself. Raises BadCron where there is no such time zone."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadCron(f"{name!r} is not a time zone: give a name like Europe/Berlin or UTC") from None
    return name


@dataclass(frozen=True)
class Cron:
    """An expression and the name of the time zone in which it is meant. Both must be good (``checked_…``)."""

    expression: str
    zone_name: str = "UTC"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone_name)

    def next_after(self, moment: datetime) -> datetime:
        """The first tick after a moment (UTC)."""
        start = self._local(moment, -self._shift(moment))
        ticks = (tick.astimezone(UTC) for tick in CronSim(self.expression, start))
        return next(tick for tick in ticks if tick > moment)

    def last_at(self, moment: datetime) -> datetime:
        """The last tick at a moment or before it (UTC)."""
        start = self._local(moment.replace(microsecond=0) + _SECOND, self._shift(moment))
        ticks = (tick.astimezone(UTC) for tick in CronSim(self.expression, start, reverse=True))
        return next(tick for tick in ticks if tick <= moment)

    def _local(self, moment: datetime, shift: timedelta) -> datetime:
        shifted = (moment + shift).astimezone(UTC)
        return shifted if self.zone_name == "UTC" else shifted.astimezone(self.zone)

    def _shift(self, moment: datetime) -> timedelta:
        before, after = (
            (moment + shift).astimezone(self.zone).utcoffset()
            for shift in (-_AROUND_A_CHANGE, _AROUND_A_CHANGE)
        )
        return timedelta() if before == after else _AROUND_A_CHANGE
