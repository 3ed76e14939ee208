"""How long a request has to wait for the limits of its key, and by which messages it waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["token", "create", "poll"]
ALL: frozenset[Kind] = frozenset(("token", "create", "poll"))
MARGIN_SHARE, MARGIN_SECONDS = 0.002, 0.1
"""Vibe counts when a request arrives, we when it leaves: an hour is taken for 7.3 s longer than it is."""
PACE_SECONDS = 1.5
"""Requests that must be a second apart are paced in the handler; any longer wait is a delayed message."""


@dataclass(frozen=True)
class Limit:
    """At most ``count`` requests of these kinds within ``seconds``, wherever they begin."""

    count: int
    seconds: float
    kinds: frozenset[Kind] = ALL

    @property
    def window(self) -> timedelta:
        """With its margin."""
        return timedelta(seconds=self.seconds * (1 + MARGIN_SHARE) + MARGIN_SECONDS)


@dataclass(frozen=True)
class Call:
    """A request that was let out."""

    at: datetime
    kind: Kind


def looks_back(limits: Iterable[Limit]) -> timedelta:
    """For how long calls have to be remembered."""
    return max((limit.window for limit in limits), default=timedelta())


def wait_for(limits: Iterable[Limit], calls: Sequence[Call], kind: Kind, now: datetime) -> float:
    """Seconds until a request of this kind may go out; 0: now."""
    return max((_wait_of(limit, calls, now) for limit in limits if kind in limit.kinds), default=0.0)


def free_slots(limits: Iterable[Limit], calls: Sequence[Call], kind: Kind, now: datetime) -> int:
    """How many requests of this kind could still go out within the longest limit."""
    concerned = [limit for limit in limits if kind in limit.kinds]
    if not concerned:
        return 1_000_000
    longest = max(concerned, key=lambda limit: limit.seconds)
    return longest.count - len(_counted(longest, calls, now))


def _wait_of(limit: Limit, calls: Sequence[Call], now: datetime) -> float:
    times = _counted(limit, calls, now)
    if len(times) < limit.count:
        return 0.0
    return (times[-limit.count] + limit.window - now).total_seconds()


def _counted(limit: Limit, calls: Sequence[Call], now: datetime) -> list[datetime]:
    return sorted(call.at for call in calls if call.kind in limit.kinds and call.at > now - limit.window)


def hop(seconds: float, rungs: Sequence[float]) -> int:
    """The delay of the next message of a wait: the longest rung of the ladder that is not much too long.

    The last rung of a wait may be too long by nearly the shortest one, so any may: a wait of 3,595 s is one
    of 3,600, and one of 700 s is 600, 60, 30 and 10.
    """
    shortest = min(rungs)
    fitting = [rung for rung in rungs if rung < seconds + shortest]
    return max(1, int(max(fitting, default=shortest)))


def growing(troubles: int, *, first: float = 30, longest: float = 600) -> float:
    """Seconds until the next try after so many refusals in a row."""
    return min(longest, first * 2.0 ** min(max(troubles - 1, 0), 16))
