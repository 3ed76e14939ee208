"""Every statement of the reporter, beside those of libs.reading. The caller's transaction and commit."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.ranges import Range
from services.reporter.rules import Due, Schedule

LONGEST_PAUSE_SECONDS = 600
REFUSED_PAUSE_SECONDS = 3600
"""After a 5xx: a person has to change something, but the report is not thrown away meanwhile."""

_OF = "client_id = :client AND schedule_id = :schedule AND due = :day AND status = 'waiting'"
# The next try is set before this one, so that a process that dies in it leaves the report to the next.
_CLAIM = text(
    """
    UPDATE report_deliveries d SET attempts = d.attempts + 1, send_after = now() + make_interval(
        secs => least(:retry_seconds * power(2, least(d.attempts, 20)), :longest))
    FROM (
        SELECT client_id, schedule_id, due FROM report_deliveries
        WHERE status = 'waiting' AND send_after <= now()
        ORDER BY send_after LIMIT 1 FOR UPDATE SKIP LOCKED
    ) next
    WHERE d.client_id = next.client_id AND d.schedule_id = next.schedule_id AND d.due = next.due
    RETURNING d.client_id, d.schedule_id, d.due, d.attempts,
        extract(epoch FROM now() - d.created_at)::float / 3600, d.created_at
    """
)


async def client_no(connection: AsyncConnection, public_id: UUID) -> int | None:
    """The key of a client."""
    found = await connection.scalar(text("SELECT id FROM clients WHERE public_id = :id"), {"id": public_id})
    return None if found is None else int(found)


async def schedule(connection: AsyncConnection, client: int, schedule_id: UUID) -> Schedule | None:
    """A schedule with its client."""
    found = await connection.execute(
        text(
            "SELECT c.id, c.public_id, c.name, c.currency, c.timezone, c.settings, s.frequency, s.formats, "
            "s.recipients, s.is_active AND c.status = 'active' AS active FROM report_schedules s "
            "JOIN clients c ON c.id = s.client_id WHERE s.client_id = :client AND s.id = :schedule"
        ),
        {"client": client, "schedule": schedule_id},
    )
    row = found.mappings().first()
    if row is None:
        return None
    return Schedule(
        dict(row), row["frequency"], tuple(row["formats"]), tuple(row["recipients"]), row["active"]
    )


async def request(
    connection: AsyncConnection, client: int, schedule_id: UUID, due: date, wanted: Schedule, days: Range
) -> None:
    """Have a report sent, once: the same request again changes nothing."""
    await connection.execute(
        text(
            "INSERT INTO report_deliveries (client_id, schedule_id, due, status, recipients, period_start, "
            "period_end) VALUES (:client, :schedule, :due, 'waiting', :recipients, :first, :last) "
            "ON CONFLICT DO NOTHING"
        ),
        {
            "client": client,
            "schedule": schedule_id,
            "due": due,
            "recipients": list(wanted.recipients),
            "first": days.start,
            "last": days.last,
        },
    )


async def claim(connection: AsyncConnection, retry_seconds: float) -> Due | None:
    """The report that is due longest; nobody else gets it before its next try. None: none is due."""
    found = await connection.execute(
        _CLAIM, {"retry_seconds": retry_seconds, "longest": max(LONGEST_PAUSE_SECONDS, retry_seconds)}
    )
    row = found.first()
    return None if row is None else Due(*row)


async def postpone(connection: AsyncConnection, due: Due, seconds: float, why: str) -> None:
    """Look again later; waiting for data is no try."""
    await connection.execute(
        text(
            "UPDATE report_deliveries SET send_after = now() + make_interval(secs => :seconds), "
            f"attempts = attempts - 1, error = :why WHERE {_OF}"
        ),
        {**_key(due), "seconds": seconds, "why": why},
    )


async def end(
    connection: AsyncConnection,
    due: Due,
    status: str,
    *,
    error: str | None = None,
    notes: tuple[str, ...] = (),
    recipients: tuple[str, ...] | None = None,
) -> None:
    """It is over: ``sent``, ``cancelled`` or ``given up``."""
    await connection.execute(
        text(
            "UPDATE report_deliveries SET status = :status, error = :error, notes = :notes, "
            "recipients = coalesce(CAST(:recipients AS text[]), recipients), "
            f"sent_at = CASE WHEN :status = 'sent' THEN now() END WHERE {_OF}"
        ),
        {
            **_key(due),
            "status": status,
            "error": error,
            "notes": list(notes),
            "recipients": list(recipients) if recipients is not None else None,
        },
    )


async def failed(
    connection: AsyncConnection, due: Due, error: str, *, refused: bool, kept_days: float
) -> bool:
    """Note why a try failed; True where it was the last one."""
    found = await connection.execute(
        text(
            "UPDATE report_deliveries SET error = :error, send_after = CASE WHEN :refused "
            "THEN now() + make_interval(secs => :pause) ELSE send_after END "
            f"WHERE {_OF} RETURNING created_at < now() - make_interval(secs => :kept)"
        ),
        {
            **_key(due),
            "error": error,
            "refused": refused,
            "pause": REFUSED_PAUSE_SECONDS,
            "kept": kept_days * 86_400,
        },
    )
    if not found.scalar():
        return False
    await end(connection, due, "given up", error=error)
    return True


async def seconds_to_next(connection: AsyncConnection) -> float | None:
    """Until the next report is tried; None: none waits."""
    found: float | None = await connection.scalar(
        text(
            "SELECT extract(epoch FROM min(send_after) - now())::float FROM report_deliveries "
            "WHERE status = 'waiting'"
        )
    )
    return found


async def client_public_id(connection: AsyncConnection, client: int) -> UUID:
    """As messages name it."""
    found = await connection.scalar(text("SELECT public_id FROM clients WHERE id = :id"), {"id": client})
    return UUID(str(found))


def _key(due: Due) -> dict[str, Any]:
    return {"client": due.client, "schedule": due.schedule, "day": due.day}
