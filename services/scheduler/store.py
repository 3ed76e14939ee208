"""Every statement of the scheduler. The caller's transaction, the caller's commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.rules import NEW, Job, ReportSchedule

SET_BACK = timedelta(hours=12)
"""A clock that is set back by more was wrong altogether: then each tick counts by itself."""


async def register(connection: AsyncConnection, job: Job, now: datetime, by: str) -> None:
    """Show a schedule to people. A new or changed one begins at its last tick, which is not run."""
    changed = await connection.scalar(
        text(
            "INSERT INTO schedules AS s (name, cron, timezone, message, next_due) "
            "VALUES (:name, :cron, :timezone, :message, :next_due) "
            "ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone, "
            "message = excluded.message, next_due = excluded.next_due "
            "WHERE (s.cron, s.timezone, s.message) <> (excluded.cron, excluded.timezone, excluded.message) "
            "RETURNING name"
        ),
        {
            "name": job.name,
            "cron": job.cron.expression,
            "timezone": job.cron.zone_name,
            "message": job.key,
            "next_due": job.cron.next_after(now),
        },
    )
    if changed:
        await claim(connection, job.name, job.cron.last_at(now), by, NEW)


async def history(connection: AsyncConnection, name: str, due: datetime) -> tuple[datetime | None, bool]:
    """The newest tick before this one that was handled, and whether this one was.

    One that a later tick made up for counts as handled when the clock is set back to it.
    """
    found = await connection.execute(
        text(
            "SELECT max(due) FILTER (WHERE due < :due) AS before, "
            "coalesce(bool_or(due >= :due), false) AS handled "
            "FROM schedule_ticks WHERE schedule = :name AND due < :due + CAST(:back AS interval)"
        ),
        {"name": name, "due": due, "back": SET_BACK},
    )
    row = found.one()
    return row.before, row.handled


async def claim(connection: AsyncConnection, name: str, due: datetime, by: str, result: str) -> bool:
    """Take a tick. False: it was taken before, or is being taken by somebody who commits."""
    found = await connection.execute(
        text(
            "INSERT INTO schedule_ticks (schedule, due, claimed_by, result) "
            "VALUES (:name, :due, :by, :result) ON CONFLICT DO NOTHING RETURNING due"
        ),
        {"name": name, "due": due, "by": by, "result": result},
    )
    return found.first() is not None


async def show_next(connection: AsyncConnection, name: str, next_due: datetime) -> None:
    """Say when the next tick is due."""
    await connection.execute(
        text("UPDATE schedules SET next_due = :next_due WHERE name = :name AND next_due <> :next_due"),
        {"name": name, "next_due": next_due},
    )


async def report_schedules(connection: AsyncConnection) -> list[ReportSchedule]:
    """The active ones, of active clients."""
    found = await connection.execute(
        text(
            "SELECT c.public_id, s.id, s.frequency, c.timezone, s.created_at FROM report_schedules s "
            "JOIN clients c ON c.id = s.client_id WHERE s.is_active AND c.status = 'active' "
            "ORDER BY c.id, s.created_at, s.id"
        )
    )
    return [ReportSchedule(*row) for row in found]
