"""Alarms that the notifier raises itself: about the quality of what was loaded, and about mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.load.v1 import RunLoaded
from services.notifier.rules import MAIL_TROUBLE, Note, of_delivery
from services.notifier.rules.quality import Copy, Unusual, Volume

ROWS_REJECTED = "rows.rejected"
LINES_DUPLICATE = "lines.duplicate"
VOLUME_UNUSUAL = "volume.unusual"
DAY_COPIED = "day.copied"

FEWEST_LINES = 10
"""Rejected or repeated lines below that many are no alert, whatever their share."""


@dataclass(frozen=True)
class Limits:
    """Beyond which shares of a run's rows people are told, and how long alerts are collected for one mail."""

    rejected_share: float = 0.05
    duplicate_share: float = 0.2
    group_seconds: float = 60.0


@dataclass(frozen=True)
class RunCounts:
    """What the log says of a run."""

    rows_read: int
    rows_rejected: int
    duplicate_lines: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Reason → how many rows were rejected for it, most frequent first."""


def key_of_day(kind: str, event: RunLoaded) -> str:
    """The matter of a kind for a delivery's day."""
    return f"{kind}:{event.client_id}:{event.source}:{event.run_date or event.run_id}"


def many_rejected(event: RunLoaded, counts: RunCounts, client: str, limits: Limits) -> Note | None:
    """A warning when too many rows of a run were rejected."""
    number, read = counts.rows_rejected, max(counts.rows_read, 1)
    if number < FEWEST_LINES or number / read <= limits.rejected_share:
        return None
    message = (
        f"{client}: {number:,} of {read:,} rows of {_delivery(event)} were rejected ({number / read:.1%})"
    )
    return _of_run(ROWS_REJECTED, event, message, {"reasons": dict(counts.reasons)})


def many_duplicates(event: RunLoaded, counts: RunCounts, client: str, limits: Limits) -> Note | None:
    """A warning when too many lines of a run repeat another one."""
    number, read = counts.duplicate_lines, max(counts.rows_read, 1)
    if number < FEWEST_LINES or number / read <= limits.duplicate_share:
        return None
    told = f"{number:,} of {read:,} lines of {_delivery(event)} repeat another one ({number / read:.1%})"
    return _of_run(LINES_DUPLICATE, event, f"{client}: {told}", {})


def unusual_volume(client_id: UUID, client: str, source: str, day: date, figures: Sequence[Unusual]) -> Note:
    """A warning with the numbers."""
    numbers = "; ".join(map(str, figures))
    return Note(
        kind=VOLUME_UNUSUAL,
        severity="warning",
        message=f"{client}: {source} of {day:%A} {day} is unusual: {numbers}",
        dedupe_key=volume_key(client_id, source, day),
        occurrence="/".join(str(figure.value) for figure in figures),
        client_id=client_id,
        details={"source": source, "date": str(day), "figures": [asdict(figure) for figure in figures]},
    )


def copied_day(client_id: UUID, client: str, copy: Copy, volume: Volume) -> Note:
    """A warning: two days of a source have the same rows."""
    return Note(
        kind=DAY_COPIED,
        severity="warning",
        message=(
            f"{client}: {copy.source} of {copy.day} has exactly the figures of {copy.other}, row by row "
            f"({volume.rows:,} rows, {volume.impressions:,} impressions)"
        ),
        dedupe_key=copy_key(client_id, copy.source, copy.day),
        occurrence=f"{copy.other}/{copy.digest}",
        client_id=client_id,
        details={"source": copy.source, "date": str(copy.day), "same_as": str(copy.other)},
    )


def volume_key(client_id: UUID, source: str, day: date) -> str:
    """One matter per client, source and day."""
    return f"{VOLUME_UNUSUAL}:{client_id}:{source}:{day}"


def copy_key(client_id: UUID, source: str, day: date) -> str:
    """One matter per client, source and day."""
    return f"{DAY_COPIED}:{client_id}:{source}:{day}"


def mail_trouble(waiting: int, error: str, *, given_up: str = "") -> Note:
    """An error that only the API and the page can tell: mail cannot be sent."""
    lost = f"; given up: {given_up}" if given_up else ""
    return Note(
        kind=MAIL_TROUBLE,
        severity="error",
        message=f"{waiting} mails wait, the mail server does not take them: {error}{lost}",
        dedupe_key=f"{MAIL_TROUBLE}:{given_up}" if given_up else MAIL_TROUBLE,
        occurrence=error,
    )


def _delivery(event: RunLoaded) -> str:
    return f"{event.source} of {event.run_date}" if event.run_date else event.source


def _of_run(kind: str, event: RunLoaded, message: str, details: dict[str, Any]) -> Note:
    return Note(
        kind=kind,
        severity="warning",
        message=message,
        dedupe_key=key_of_day(kind, event),
        occurrence=str(event.run_id),
        client_id=event.client_id,
        run_id=event.run_id,
        details=of_delivery(event.source, event.run_date) | details,
    )
