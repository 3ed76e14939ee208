"""What each schedule asks for, and what is due at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.envelope import Message
from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import DigestRequested, ReportRequested
from contracts.summarise.v1 import SummariesRequested
from libs.cron import Cron

DAY = timedelta(days=1)
NEW = "not run: the schedule began here"
"""The result of the tick before a schedule is first known, or changed."""

MOST_COUNTED = 1000
LONGEST_LOOK = 62 * DAY
"""Weeks and months that ended longer ago are not made up for: each load refreshed them anyway."""


@dataclass(frozen=True)
class Job:
    """A schedule: its name, when it ticks, and the routing key of what a tick publishes."""

    name: str
    key: str
    cron: Cron
    hour: int = 8
    """Of reports: since when they are due, on the clock of their client."""


@dataclass(frozen=True)
class ReportSchedule:
    """A schedule of reports of an active client."""

    client_id: UUID
    id: UUID
    frequency: Literal["weekly", "monthly"]
    timezone: str
    created_at: datetime


@dataclass(frozen=True)
class Tick:
    """A tick that is due; ``before``: the one that was handled last."""

    job: Job
    due: datetime
    before: datetime

    @property
    def correlation_id(self) -> str:
        """The same for every copy of what this tick publishes."""
        return f"{self.job.name}@{self.due:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def missed(self) -> int:
        """How many ticks before this one were never handled (at most MOST_COUNTED are counted)."""
        count, tick = 0, self.job.cron.next_after(self.before)
        while tick < self.due and count < MOST_COUNTED:
            count, tick = count + 1, self.job.cron.next_after(tick)
        return count

    def day(self, moment: datetime) -> date:
        """The day of a moment, in the schedule's time zone."""
        return moment.astimezone(self.job.cron.zone).date()


def jobs(
    *, surfside: str, vibe: str, summaries: str, digest: str, zone: str, reports: str, report_hour: int
) -> tuple[Job, ...]:
    """The schedules, from their cron expressions."""
    return (
        Job("surfside", "pull.requested.surfside", Cron(surfside, zone)),
        Job("vibe", "pull.requested.vibe", Cron(vibe, zone)),
        Job("summaries", "summaries.requested", Cron(summaries, zone)),
        Job("digest", "digest.requested", Cron(digest, zone)),
        Job("reports", "report.requested", Cron(reports, zone), report_hour),
    )


def message_of(tick: Tick) -> Message | None:
    """What a tick asks for; None: nothing to do on this day.

    One message also for ticks that were missed: a pull looks at all days of its window by itself.
    """
    match tick.job.key:
        case "digest.requested":
            return DigestRequested(day=tick.day(tick.due))
        case "summaries.requested":
            return _summaries(tick)
        case _:
            return PullRequested()


def reports_due(tick: Tick, schedules: Iterable[ReportSchedule]) -> list[ReportRequested]:
    """What became due since the tick before: on Mondays or on the 1st, by the clock of each client."""
    return [
        ReportRequested(client_id=schedule.client_id, schedule_id=schedule.id, due=day)
        for schedule in schedules
        for day in _due_days(tick, schedule)
    ]


def _due_days(tick: Tick, schedule: ReportSchedule) -> Iterator[date]:
    zone = ZoneInfo(schedule.timezone)
    since = max(tick.before, tick.due - LONGEST_LOOK, schedule.created_at)
    day = since.astimezone(zone).date()
    while day <= tick.due.astimezone(zone).date():
        moment = datetime.combine(day, time(tick.job.hour), zone).astimezone(UTC)
        begins = day.isoweekday() == 1 if schedule.frequency == "weekly" else day.day == 1
        if begins and since < moment <= tick.due:
            yield day
        day += DAY


def result_of_reports(tick: Tick, requests: Sequence[ReportRequested]) -> str:
    """What people read of a tick of reports."""
    asked = f"{len(requests)} × {tick.job.key} published" if requests else "nothing to do: no report is due"
    missed = tick.missed
    return asked + (f"; made up for {missed} missed" if missed else "")


def result_of(tick: Tick, message: Message | None) -> str:
    """What people read of a tick."""
    if message is None:
        return "nothing to do: no week or month ended"
    asked = f"{tick.job.key} published"
    if isinstance(message, SummariesRequested):
        asked += f" for {message.start_date} to {message.end_date}"
    missed = tick.missed
    return asked + (f"; made up for {missed} missed" if missed else "")


def _summaries(tick: Tick) -> SummariesRequested | None:
    """Weeks on Mondays, months on the 1st; those of missed ticks too, in one range."""
    ended = list(_ended_periods(tick))
    if not ended:
        return None
    return SummariesRequested(start_date=min(ended)[0], end_date=max(last for _, last in ended))


def _ended_periods(tick: Tick) -> Iterator[tuple[date, date]]:
    day = tick.day(tick.due)
    first = max(tick.day(tick.before) + DAY, day - LONGEST_LOOK)
    while day >= first:
        if day.isoweekday() == 1:
            yield day - 7 * DAY, day - DAY
        if day.day == 1:
            yield (day - DAY).replace(day=1), day - DAY
        day -= DAY
