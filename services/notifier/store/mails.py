"""Mails that are to be sent: collected, sealed, tried, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.rules.letters import Trouble

LONGEST_PAUSE_SECONDS = 600
REFUSED_PAUSE_SECONDS = 3600
"""After a 5xx: a person has to change something, but nothing is thrown away meanwhile."""

# While a mail of this matter is open, its row is locked by the insert; once it is sealed, a new one is made.
_COLLECT = text(
    """
    WITH mail AS (
        INSERT INTO mails AS m (about, kind, send_after)
        VALUES (:about, :kind, now() + make_interval(secs => :group_seconds))
        ON CONFLICT (about) WHERE sealed_at IS NULL DO UPDATE SET kind = m.kind RETURNING id
    )
    INSERT INTO mail_items (mail_id, notification_id) SELECT id, :notification FROM mail
    ON CONFLICT DO NOTHING
    """
)
# The next try is set before this one, so that a process that dies in it leaves the mail to the next.
_CLAIM = text(
    """
    UPDATE mails m SET attempts = m.attempts + 1, send_after = now() + make_interval(
        secs => least(:retry_seconds * power(2, least(m.attempts, 20)), :longest))
    FROM (
        SELECT id FROM mails WHERE ended_at IS NULL AND send_after <= now()
        ORDER BY send_after LIMIT 1 FOR UPDATE SKIP LOCKED
    ) due
    WHERE m.id = due.id RETURNING m.id, m.kind, m.subject, m.body, m.attempts, m.created_at, m.sealed_at
    """
)


@dataclass(frozen=True)
class Mail:
    """A mail whose turn it is; ``subject`` and ``body`` are empty until it is sealed."""

    id: UUID
    kind: str
    subject: str
    body: str
    attempts: int
    written_at: datetime


async def collect(
    connection: AsyncConnection, *, about: str, kind: str, notification: UUID, group_seconds: float
) -> None:
    """Put a notification into the open mail of its client and kind; sent so long after that was begun."""
    await connection.execute(
        _COLLECT,
        {"about": about, "kind": kind, "notification": notification, "group_seconds": group_seconds},
    )


async def write(connection: AsyncConnection, *, kind: str, subject: str, body: str) -> None:
    """A mail whose text is known, to be sent at once."""
    await connection.execute(
        text(
            "INSERT INTO mails (about, kind, subject, body, send_after, sealed_at) "
            "VALUES (:kind, :kind, :subject, :body, now(), now())"
        ),
        {"kind": kind, "subject": subject, "body": body},
    )


async def claim(connection: AsyncConnection, retry_seconds: float) -> Mail | None:
    """The mail that is due longest; nobody else gets it before its next try. None: none is due."""
    found = await connection.execute(
        _CLAIM, {"retry_seconds": retry_seconds, "longest": max(LONGEST_PAUSE_SECONDS, retry_seconds)}
    )
    row = found.first()
    if row is None:
        return None
    written_at = row.sealed_at or row.created_at
    return Mail(row.id, row.kind, row.subject or "", row.body or "", row.attempts, written_at)


async def troubles(connection: AsyncConnection, mail: UUID) -> list[Trouble]:
    """What a mail collected and is still open, oldest first."""
    found = await connection.execute(
        text(
            "SELECT n.kind, n.message, n.opened_at, c.name, n.run_id, n.details FROM mail_items i "
            "JOIN notifications n ON n.id = i.notification_id LEFT JOIN clients c ON c.id = n.client_id "
            "WHERE i.mail_id = :mail AND n.resolved_at IS NULL ORDER BY n.opened_at, n.id"
        ),
        {"mail": mail},
    )
    return [Trouble(*row) for row in found]


async def seal(connection: AsyncConnection, mail: UUID, subject: str, body: str) -> None:
    """Fix the text: each try sends the same."""
    await connection.execute(
        text("UPDATE mails SET sealed_at = now(), subject = :subject, body = :body WHERE id = :mail"),
        {"mail": mail, "subject": subject, "body": body},
    )


async def end(connection: AsyncConnection, mail: UUID, outcome: str, error: str | None = None) -> None:
    """It is over: ``sent``, ``settled`` (its troubles were over before it was sent) or ``given up``."""
    await connection.execute(
        text(
            "UPDATE mails SET ended_at = now(), sealed_at = coalesce(sealed_at, now()), outcome = :outcome, "
            "last_error = :error WHERE id = :mail AND ended_at IS NULL"
        ),
        {"mail": mail, "outcome": outcome, "error": error},
    )


async def failed(
    connection: AsyncConnection, mail: UUID, error: str, *, refused: bool, kept_days: float
) -> bool:
    """Note why a try failed; True where it was the last one."""
    found = await connection.execute(
        text(
            "UPDATE mails SET last_error = :error, "
            "send_after = CASE WHEN :refused THEN now() + make_interval(secs => :pause) "
            "ELSE send_after END WHERE id = :mail AND ended_at IS NULL "
            "RETURNING created_at < now() - make_interval(secs => :kept) AS old"
        ),
        {
            "mail": mail,
            "error": error,
            "refused": refused,
            "pause": REFUSED_PAUSE_SECONDS,
            "kept": kept_days * 86_400,
        },
    )
    row = found.first()
    if row is None or not row.old:
        return False
    await end(connection, mail, "given up", error)
    return True


async def waiting(connection: AsyncConnection) -> tuple[int, float | None]:
    """How many mails were tried and are not sent, and the seconds until the next one is due."""
    found = await connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE attempts > 0) AS number, "
            "extract(epoch FROM min(send_after) - now())::float AS seconds FROM mails WHERE ended_at IS NULL"
        )
    )
    row = found.one()
    return row.number, row.seconds
