"""What mails say: what happened, when, what to do, where to look. Plain text; names are what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

SHOWN = 50
"""Troubles in one mail; of more, the number is told."""

SHOWN_ERRORS = 10
LONGEST_MESSAGE = 2000

NAMES: Mapping[str, str] = {
    "run.failed": "failed run",
    "file.missing": "missing file",
    "run.held": "held run",
    "run.stalled": "stalled run",
    "rows.rejected": "rejected rows",
    "vibe.circuit_open": "circuit opened",
    "circuit.opened": "circuit opened",
    "token.expiring": "access about to expire",
    "volume.unusual": "unusual volume",
    "day.copied": "copied day",
    "lines.duplicate": "duplicate lines",
}
"""Of kinds, as people say them; other kinds stand as they are."""

_CIRCUIT = (
    "The platform failed several times in a row. It is tried again by itself; if this goes on, look at the "
    "platform's status and at the credentials."
)
ADVICE: Mapping[str, str] = {
    "run.failed": "Read the error: it names what was found and what was expected. Have the report exported "
    "again, or correct the settings of the source; then trigger the day, or reload the run.",
    "file.missing": "Ask whoever delivers the report. It is loaded by itself when it comes to the expected "
    "place, or at the next trigger; another place is a setting of the source.",
    "run.held": "Look at what would be removed. Confirm the run if that is right; otherwise leave it.",
    "run.stalled": "Look at the connector and at dead letters. A late batch goes on with the run.",
    "rows.rejected": "The good rows are loaded. Download the rejected ones, have them corrected, and deliver "
    "the day again.",
    "vibe.circuit_open": _CIRCUIT,
    "circuit.opened": _CIRCUIT,
    "token.expiring": "Renew the access before that day, or pulls will fail.",
    "volume.unusual": "Compare with the platform. If it is right (a campaign began, ended or paused), take "
    "notice of the notification; otherwise have the day delivered again.",
    "day.copied": "Two days with the same figures row by row: usually a report that was exported for the "
    "wrong day. Compare with the platform; have the wrong one delivered again.",
    "lines.duplicate": "They are counted like any other. If they are copies, have the report exported again.",
}
DEFAULT_ADVICE = "Look at the notification; take notice of it when somebody took care."


@dataclass(frozen=True)
class Trouble:
    """A notification as a mail tells it; ``client`` is None where it is of none."""

    kind: str
    message: str
    opened_at: datetime
    client: str | None = None
    run_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day that it is about: of the delivery if there is one, else that on which it began."""
        for name in ("run_date", "date"):
            found = self.details.get(name)
            if isinstance(found, str):
                try:
                    return date.fromisoformat(found)
                except ValueError:
                    continue
        return self.opened_at.date()


def subject(troubles: Sequence[Trouble]) -> str:
    """Who, what, how many, of which days."""
    first = troubles[0]
    name, days = NAMES.get(first.kind, first.kind), sorted({trouble.day for trouble in troubles})
    what = name if len(troubles) == 1 else f"{len(troubles)} × {name}"
    when = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"[Tidemark] {when} {what}: {first.client or 'all clients'}"


def body(troubles: Sequence[Trouble], public_url: str) -> str:
    """The whole text; the troubles are of one client and kind."""
    first = troubles[0]
    parts = ["What happened", "", *(_told(trouble, public_url) for trouble in troubles[:SHOWN])]
    if len(troubles) > SHOWN:
        parts.append(f"… and {len(troubles) - SHOWN} more.\n")
    parts += ["What to do", "", ADVICE.get(first.kind, DEFAULT_ADVICE), ""]
    parts += [f"All notifications: {public_url}/api/v1/admin/notifications", "", _footer()]
    return "\n".join(parts)


def _told(trouble: Trouble, public_url: str) -> str:
    lines = [f"- {trouble.message[:LONGEST_MESSAGE]}", f"  since {trouble.opened_at:%Y-%m-%d %H:%M} UTC"]
    if expected := trouble.details.get("expected"):
        bucket = trouble.details.get("bucket")
        lines.append(f"  expected at: {f's3://{bucket}/{expected}' if bucket else expected}")
    if reasons := trouble.details.get("reasons"):
        lines += [f"  {count:,} × {reason}" for reason, count in list(dict(reasons).items())[:SHOWN_ERRORS]]
    if trouble.run_id is not None:
        lines.append(f"  {public_url}/api/v1/admin/ingestion-logs/{trouble.run_id}")
    return "\n".join(lines) + "\n"


def _footer() -> str:
    return "-- \nTidemark tells each trouble once. It comes again if it is over and begins anew."
