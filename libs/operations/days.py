"""What is known of a day of a client and source, and what to call it. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
class Pair:
    """A source of a client, and what is to be expected of it."""

    client: int
    client_id: UUID
    client_name: str
    source: str
    timezone: str
    enabled: bool
    settling_days: int | None
    due_by: time
    since: datetime | None
    """When the source was set up for the client."""
    first_day: date | None
    last_day: date | None
    """The first and last day that were ever delivered."""

    @property
    def settling(self) -> int:
        return SETTLING_DAYS[self.source] if self.settling_days is None else self.settling_days

    def today(self, now: datetime) -> date:
        """The account's day."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def provisional_from(self, now: datetime) -> date:
        """The first day whose figures may still move."""
        return self.today(now) - timedelta(days=self.settling)

    def expects(self, day: date) -> bool:
        """Whether a delivery of this day should come, sooner or later; of uploads, up to the last one."""
        begun = None if self.since is None else self.since.astimezone(ZoneInfo(self.timezone)).date()
        first = min((found for found in (self.first_day, begun) if found), default=None)
        if first is None or day < first:
            return False
        if self.source == UPLOADED or not self.enabled:
            return self.last_day is not None and day <= self.last_day
        return True

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
