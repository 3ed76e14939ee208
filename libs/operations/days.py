"""What is known of a day of a client and source, and what to call it. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.settling import SETTLING_DAYS

State = Literal[
    "loaded", "provisional", "partial", "held", "failed", "loading", "missing", "waiting", "not_expected"
]
STATES: Mapping[State, str] = {
    "loaded": "its delivery stands, and its figures are final",
    "provisional": "its delivery stands, and may still be restated",
    "partial": "its delivery stands, without rows that were rejected",
    "held": "a newer delivery waits for somebody to confirm it",
    "failed": "its newest run failed and nobody resolved it; an older delivery may stand",
    "loading": "its run is under way, or stalled",
    "missing": "it is due and nothing stands",
    "waiting": "it is not due yet",
    "not_expected": "before the first delivery, or nothing that comes by itself",
}
UPLOADED = "facebook"
US_EASTERN = ZoneInfo("America/New_York")
"""Due times are in it, whatever zone an account is in."""


@dataclass(frozen=True)
class Supply:
    """A source of a client, and what says which of its days are to be expected."""

    client: int
    source: str
    timezone: str
    enabled: bool
    since: datetime | None
    """When the source was set up for the client; None: it never was."""
    first_day: date | None
    last_day: date | None
    """The first and last day that were ever delivered."""
    last_at: datetime | None
    """When something was delivered last."""

    @property
    def begun(self) -> date | None:
        """The account's day on which it began: set up, or delivered if that is earlier."""
        set_up = None if self.since is None else self.since.astimezone(ZoneInfo(self.timezone)).date()
        return min((found for found in (self.first_day, set_up) if found), default=None)

    @cached_property
    def expected(self) -> tuple[date, date] | None:
        """The first and last day whose delivery should come, sooner or later. Without end where the source is
        pulled; of uploads, and of a source that is switched off, up to the last one.
        """
        pulled = self.enabled and self.source != UPLOADED
        last = date.max if pulled else self.last_day
        return None if self.begun is None or last is None else (self.begun, last)

    @property
    def uploads_end(self) -> date | None:
        """The first day that is not uploaded yet; None for what comes by itself, or was switched off.

        Uploads need no settings: a source without any is in use once it has data.
        """
        used = self.enabled or (self.since is None and self.last_day is not None)
        if self.source != UPLOADED or not used:
            return None
        return self.begun if self.last_day is None else self.last_day + timedelta(days=1)

    def expects(self, day: date) -> bool:
        """Whether a delivery of this day should come, sooner or later."""
        return self.expected is not None and self.expected[0] <= day <= self.expected[1]


@dataclass(frozen=True)
class Pair(Supply):
    """A source of a client as an operator sees it."""

    client_id: UUID
    client_name: str
    settling_days: int | None
    due_by: time

    @property
    def settling(self) -> int:
        return SETTLING_DAYS[self.source] if self.settling_days is None else self.settling_days

    def today(self, now: datetime) -> date:
        """The account's day."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def provisional_from(self, now: datetime) -> date:
        """The first day whose figures may still move."""
        return self.today(now) - timedelta(days=self.settling)

    def is_due(self, day: date, now: datetime) -> bool:
        """Whether it should be there by now."""
        due = datetime.combine(day + timedelta(days=1), self.due_by, US_EASTERN).astimezone(UTC)
        return now >= due


@dataclass(frozen=True)
class Standing:
    """The delivery that stands for a day."""

    run_no: int
    run_id: UUID | None
    delivered_at: datetime
    partial: bool


@dataclass(frozen=True)
class NewestRun:
    """The run that was begun last for a day."""

    run_no: int
    run_id: UUID
    status: str
    resolved: bool


def state_of(
    pair: Pair, day: date, now: datetime, standing: Standing | None, run: NewestRun | None
) -> dict[str, Any]:
    """A day as it is answered: ``status`` is one of STATES; ``provisional``: whether it may still move."""
    may_move = day >= pair.provisional_from(now)
    shown = run.run_id if run else standing.run_id if standing else None
    return {
        "date": day,
        "status": _status(pair, day, now, standing, run),
        "provisional": may_move,
        "delivered_at": standing.delivered_at if standing else None,
        "run_id": shown,
        "run_status": run.status if run else None,
    }


def _status(pair: Pair, day: date, now: datetime, standing: Standing | None, run: NewestRun | None) -> State:
    if standing:
        return _standing_status(pair, day, now, standing, run)
    if run:
        return _absent_status(run)
    if not pair.expects(day):
        return "not_expected"
    return "missing" if pair.is_due(day, now) else "waiting"


def _standing_status(
    pair: Pair, day: date, now: datetime, standing: Standing, run: NewestRun | None
) -> State:
    if run and run.run_no > standing.run_no and not run.resolved:
        if run.status == "held":
            return "held"
        if run.status == "failed":
            return "failed"
    if standing.partial:
        return "partial"
    return "provisional" if day >= pair.provisional_from(now) else "loaded"


def _absent_status(run: NewestRun) -> State:
    known: dict[str, State] = {
        "held": "held",
        "failed": "failed",
        "running": "loading",
        "stalled": "loading",
    }
    return known.get(run.status, "missing")


def counted(days: list[dict[str, Any]]) -> dict[str, int]:
    """State → how many days are in it, every state named."""
    counts = Counter(day["status"] for day in days)
    return {state: counts[state] for state in STATES}
