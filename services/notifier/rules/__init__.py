"""What a message says to people, and which matter it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.load.v1 import RunFailed, RunLoaded
from contracts.notify.v1 import AlertRaised, FileMissing
from contracts.summarise.v1 import SummariesUpdated

RUN_FAILED = "run.failed"
FILE_MISSING = "file.missing"
SUMMARIES_UPDATED = "summaries.updated"
DIGEST = "digest"
MAIL_TROUBLE = "mail.trouble"
NOT_MAILED = (SUMMARIES_UPDATED, DIGEST, MAIL_TROUBLE)
"""Kinds that are not sent as alerts: the digest is a mail of its own."""
OF_A_DELIVERY = (RUN_FAILED, FILE_MISSING, "run.stalled", "run.held")
"""Kinds that a good run of the same client, source and day settles; the last two are the loader's alerts."""

DELIVERED = ("loaded", "partial", "unchanged", "superseded")
"""Statuses of a run after which the day's delivery is no longer a worry."""


@dataclass(frozen=True)
class Note:
    """One matter as people read it. The same ``dedupe_key`` is one notification."""

    kind: str
    severity: str
    message: str
    dedupe_key: str
    occurrence: str
    """What tells a new event of this matter from the same message delivered again."""
    client_id: UUID | None = None
    run_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def is_mailed(note: Note) -> bool:
    """Whether people get a mail about it."""
    return note.severity != "info" and note.kind not in NOT_MAILED


def failed(event: RunFailed, client: str) -> Note:
    """An error; one per client, source and day, however many runs fail on it."""
    of_day = f" of {event.run_date}" if event.run_date else ""
    return Note(
        kind=RUN_FAILED,
        severity="error",
        message=f"{client}: {event.source}{of_day} was not loaded: {event.error}",
        dedupe_key=f"{RUN_FAILED}:{event.client_id}:{event.source}:{event.run_date or event.run_id}",
        occurrence=str(event.run_id),
        client_id=event.client_id,
        run_id=event.run_id,
        details=of_delivery(event.source, event.run_date) | {"error_code": event.error_code},
    )


def missing(event: FileMissing, client: str) -> Note:
    """A warning that says where the file was expected."""
    place = f"s3://{event.bucket}/{event.expected}" if event.bucket else event.expected
    return Note(
        kind=FILE_MISSING,
        severity="warning",
        message=f"{client}: no {event.source} file of {event.run_date}; expected {place}",
        dedupe_key=f"{FILE_MISSING}:{event.client_id}:{event.source}:{event.run_date}",
        occurrence=str(event.run_id),
        client_id=event.client_id,
        run_id=event.run_id,
        details=of_delivery(event.source, event.run_date)
        | {"bucket": event.bucket, "expected": event.expected},
    )


def alert(event: AlertRaised, correlation_id: str) -> Note:
    """As it is. One that names no run is told apart by the work it came from."""
    return Note(
        kind=event.kind,
        severity=event.severity,
        message=event.message,
        dedupe_key=event.dedupe_key,
        occurrence=str(event.run_id or correlation_id),
        client_id=event.client_id,
        run_id=event.run_id,
        details=event.details,
    )


def updated(event: SummariesUpdated, client: str) -> Note:
    """The one row per client that says how new its numbers are."""
    days = f"{min(event.dates)} to {max(event.dates)}" if event.dates else "no day"
    return Note(
        kind=SUMMARIES_UPDATED,
        severity="info",
        message=f"{client}: numbers are up to date, last changed {days}",
        dedupe_key=f"{SUMMARIES_UPDATED}:{event.client_id}",
        occurrence=str(event.data_version),
        client_id=event.client_id,
        details=event.model_dump(mode="json", exclude={"client_id"}),
    )


def digest(day: date, asked: str, headline: str) -> Note:
    """That the day's mail was written, and its first line. ``asked``: the request's correlation id."""
    return Note(
        kind=DIGEST,
        severity="info",
        message=f"Digest of {day}: {headline}",
        dedupe_key=f"{DIGEST}:{day}",
        occurrence=asked,
        details={"day": str(day)},
    )


def settles(event: RunLoaded) -> bool:
    """Whether the run is a reason to close what was open about its delivery."""
    return event.status in DELIVERED


def of_delivery(source: str, run_date: date | None) -> dict[str, Any]:
    """The details that name a delivery."""
    return {"source": source, "run_date": None if run_date is None else str(run_date)}
