"""What a tick asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import uuid4

import pytest

from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import DigestRequested
from contracts.summarise.v1 import SummariesRequested
from contracts.topology import MESSAGES, PUBLISHES
from services.scheduler.rules import Job, ReportSchedule, Tick, jobs, message_of, reports_due, result_of

DAY = timedelta(days=1)


def job(name: str, zone: str = "UTC") -> Job:
    found = jobs(
        surfside="0 5 * * *",
        vibe="0 6 * * *",
        summaries="0 7 * * *",
        digest="30 7 * * *",
        reports="5 * * * *",
        report_hour=8,
        zone=zone,
    )
    return next(job for job in found if job.name == name)


def tick(name: str, due: datetime, before: datetime | None = None, zone: str = "UTC") -> Tick:
    return Tick(job(name, zone), due, before or due - DAY)


def seven(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 7, tzinfo=UTC)


def test_every_schedule_publishes_what_the_topology_allows() -> None:
    for name in ("surfside", "vibe", "summaries", "digest"):
        assert job(name).key in PUBLISHES["scheduler"]
        message = message_of(tick(name, seven(2026, 6, 1)))
        assert isinstance(message, MESSAGES[job(name).key])


def test_a_pull_names_no_days_so_that_the_source_takes_its_window() -> None:
    assert message_of(tick("surfside", seven(2026, 10, 7))) == PullRequested()
    assert message_of(tick("vibe", seven(2026, 10, 7))) == PullRequested()


def test_a_digest_is_of_the_day_in_the_schedules_zone() -> None:
    due = datetime(2026, 10, 7, 23, 30, tzinfo=UTC)
    assert message_of(tick("digest", due, zone="Asia/Kolkata")) == DigestRequested(day=date(2026, 10, 8))


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (seven(2026, 10, 5), (date(2026, 9, 28), date(2026, 10, 4))),  # a Monday
        (seven(2026, 10, 1), (date(2026, 9, 1), date(2026, 9, 30))),  # a 1st
        (seven(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        (seven(2024, 3, 1), (date(2024, 2, 1), date(2024, 2, 29))),
        (seven(2026, 1, 1), (date(2025, 12, 1), date(2025, 12, 31))),
        (seven(2026, 6, 1), (date(2026, 5, 1), date(2026, 5, 31))),  # both: the month holds the week
        (seven(2026, 10, 6), None),
    ],
)
def test_weeks_on_mondays_months_on_the_first(due: datetime, expected: tuple[date, date] | None) -> None:
    found = message_of(tick("summaries", due))
    assert found == (expected and SummariesRequested(start_date=expected[0], end_date=expected[1]))


def test_a_missed_monday_is_made_up_for_on_tuesday() -> None:
    missed = tick("summaries", seven(2026, 10, 6), before=seven(2026, 10, 3))
    assert message_of(missed) == SummariesRequested(start_date=date(2026, 9, 28), end_date=date(2026, 10, 4))
    assert result_of(missed, message_of(missed)) == (
        "summaries.requested published for 2026-09-28 to 2026-10-04; made up for 2 missed"
    )


def test_two_ticks_on_a_monday_ask_once() -> None:
    later = datetime(2026, 10, 5, 9, tzinfo=UTC)
    assert message_of(tick("summaries", later, before=seven(2026, 10, 5))) is None


def test_a_month_without_a_scheduler_is_one_request() -> None:
    found = message_of(tick("summaries", seven(2026, 10, 6), before=seven(2026, 8, 30)))
    assert found == SummariesRequested(start_date=date(2026, 8, 1), end_date=date(2026, 10, 4))


def test_a_decade_without_one_is_counted_in_bounds() -> None:
    found = tick("summaries", seven(2026, 10, 6), before=seven(2016, 1, 1))
    assert found.missed == 1000
    message = message_of(found)
    assert isinstance(message, SummariesRequested)
    assert message.start_date is not None
    assert message.start_date > date(2026, 6, 1)


def test_the_copies_of_a_tick_are_recognisable() -> None:
    assert tick("surfside", seven(2026, 10, 6)).correlation_id == "surfside@2026-10-06T07:00:00Z"


def schedule(
    frequency: Literal["weekly", "monthly"], zone: str = "UTC", created: datetime | None = None
) -> ReportSchedule:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    return ReportSchedule(uuid4(), uuid4(), frequency, zone, created or long_ago)


@pytest.mark.parametrize(
    ("frequency", "zone", "before", "due", "days"),
    [
        # 5 October 2026 is a Monday. In New York it is 8 o'clock at 12:00 UTC, in Kolkata at 2:30.
        ("weekly", "UTC", (5, 7, 5), (5, 8, 5), [5]),
        ("weekly", "UTC", (5, 8, 5), (5, 9, 5), []),
        ("weekly", "America/New_York", (5, 8, 5), (5, 9, 5), []),
        ("weekly", "America/New_York", (5, 11, 5), (5, 12, 5), [5]),
        ("weekly", "Asia/Kolkata", (5, 2, 5), (5, 3, 5), [5]),
        ("weekly", "Pacific/Kiritimati", (4, 17, 5), (4, 18, 5), [5]),
        ("weekly", "UTC", (1, 0, 5), (20, 0, 5), [5, 12, 19]),
        ("monthly", "UTC", (1, 7, 5), (1, 8, 5), [1]),
        ("monthly", "UTC", (5, 7, 5), (5, 8, 5), []),
    ],
)
def test_reports_are_due_in_the_morning_of_their_clients(
    frequency: Literal["weekly", "monthly"],
    zone: str,
    before: tuple[int, int, int],
    due: tuple[int, int, int],
    days: list[int],
) -> None:
    at, earlier = datetime(2026, 10, *due, tzinfo=UTC), datetime(2026, 10, *before, tzinfo=UTC)
    wanted = schedule(frequency, zone)
    found = reports_due(tick("reports", at, earlier), [wanted])
    assert [(r.client_id, r.schedule_id, r.due) for r in found] == [
        (wanted.client_id, wanted.id, date(2026, 10, day)) for day in days
    ]


def test_a_new_schedule_begins_with_what_becomes_due_after_it() -> None:
    at = datetime(2026, 10, 5, 9, 5, tzinfo=UTC)
    new = schedule("weekly", created=datetime(2026, 10, 5, 8, 30, tzinfo=UTC))
    assert reports_due(tick("reports", at, at - DAY), [new]) == []
