"""The scheduler's schedules and their last ticks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def all_of_them(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Every schedule in the order of its next tick."""
    found = await connection.execute(
        text(
            "SELECT s.name, s.cron, s.timezone, s.message, t.due AS last, t.result, s.next_due AS next, "
            "s.next_due < now() - interval '5 minutes' AS overdue FROM schedules s "
            "LEFT JOIN LATERAL (SELECT due, result FROM schedule_ticks WHERE schedule = s.name "
            "ORDER BY due DESC LIMIT 1) t ON true ORDER BY s.next_due, s.name"
        )
    )
    return found.mappings().all()
