"""What people have to hear of, and what the clock asks for (version 1)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from contracts.envelope import UUID, Command, Event, Source


class FileMissing(Event):
    """A delivery was not there when it was due."""

    client_id: UUID
    run_id: UUID
    source: Source
    run_date: date
    bucket: str
    expected: str
    """The key or pattern that was looked for."""


class AlertRaised(Event):
    """Something that a person should look at; the same ``dedupe_key`` is told once."""

    kind: str
    severity: Literal["info", "warning", "error"] = "warning"
    message: str
    dedupe_key: str
    client_id: UUID | None = None
    run_id: UUID | None = None
    details: dict[str, Any] = {}


class DigestRequested(Command):
    """Send the daily digest of notifications."""

    day: date | None = None


class ReportRequested(Command):
    """Make and send a scheduled report."""

    client_id: UUID
    schedule_id: UUID
    due: date


class ReportPoll(Command):
    """Look whether a report of Vibe is ready. The connector's own, always delayed."""

    client_id: UUID
    report_id: str
    polls: int = 0
