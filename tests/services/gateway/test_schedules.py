"""What the clock does by itself, as administrators see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.services.gateway.conftest import Api
from tests.services.gateway.traces import Owner

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


async def test_each_schedule_shows_its_last_tick_and_the_next_one(api: Api, owner: Owner) -> None:
    assert (await api.get("/admin/schedules"))["total"] == 0
    for name, due in (("late", NOW - DAY), ("soon", NOW + DAY)):
        await owner.execute(
            "INSERT INTO schedules (name, cron, timezone, message, next_due) "
            "VALUES ($1, '0 5 * * *', 'UTC', 'digest.requested', $2)",
            name,
            due,
        )
    for days, result in ((2, "first"), (1, "second")):
        await owner.execute(
            "INSERT INTO schedule_ticks (schedule, due, claimed_by, result) VALUES ('soon', $1, 'me', $2)",
            NOW - days * DAY,
            result,
        )
    try:
        late, soon = (await api.get("/admin/schedules"))["data"]
    finally:
        await owner.execute("DELETE FROM schedules")
        await owner.execute("DELETE FROM schedule_ticks")
    assert (late["name"], late["last"], late["result"], late["overdue"]) == ("late", None, None, True)
    assert (soon["name"], soon["result"], soon["overdue"]) == ("soon", "second", False)
    assert datetime.fromisoformat(soon["last"]) == NOW - DAY
    assert datetime.fromisoformat(soon["next"]) == NOW + DAY
