"""What the reporter is asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.notify.v1 import ReportRequested
from libs.mail import make_mailer
from services.reporter.handlers import request
from services.reporter.handlers.making import Press
from services.reporter.handlers.sending import Patience, Sender
from tests.libs.mail.servers import Authority, Inbox, settings_for
from tests.services.gateway.world import TODAY, Client

RECIPIENTS = ["marketing@north.example", "boss@north.example"]
MONDAY = TODAY - timedelta(days=TODAY.weekday())
"""Of this week; its report is of the week before."""
LAST_WEEK = (MONDAY - timedelta(days=7), MONDAY - timedelta(days=1))


@dataclass
class Office:
    """A client's schedules and deliveries."""

    owner: asyncpg.Connection[asyncpg.Record]
    engine: AsyncEngine
    client: Client

    async def schedule(
        self, frequency: str = "weekly", formats: tuple[str, ...] = ("pdf", "xlsx"), *, active: bool = True
    ) -> UUID:
        """A schedule."""
        found: UUID = await self.owner.fetchval(
            "INSERT INTO report_schedules (client_id, frequency, formats, recipients, is_active) "
            "VALUES ($1, $2, $3, $4, $5) RETURNING id",
            self.client.id,
            frequency,
            list(formats),
            RECIPIENTS,
            active,
        )
        return found

    def command(self, schedule: UUID, due: date = MONDAY) -> ReportRequested:
        return ReportRequested(client_id=self.client.public_id, schedule_id=schedule, due=due)

    async def ask(self, schedule: UUID, due: date = MONDAY) -> None:
        """As the queue's handler does."""
        await request(self.engine, self.command(schedule, due))

    def sender(self, inbox: Inbox, authority: Authority, **given: Any) -> Sender:
        """One that sends to this server."""
        patience = Patience(
            wait_hours=given.pop("wait_hours", 24.0),
            look_seconds=900.0,
            retry_seconds=60.0,
            kept_days=given.pop("kept_days", 3.0),
        )
        settings = settings_for(inbox, authority, **{"environment": "production", **given})
        return Sender(self.engine, make_mailer(settings), Press(self.engine), patience)

    async def deliveries(self) -> list[dict[str, Any]]:
        found = await self.owner.fetch("SELECT * FROM report_deliveries ORDER BY created_at, due")
        return [dict(row) for row in found]

    async def only(self) -> dict[str, Any]:
        (row,) = await self.deliveries()
        return row

    async def due_now(self) -> None:
        """Let the pauses be over."""
        await self.owner.execute("UPDATE report_deliveries SET send_after = now() WHERE status = 'waiting'")

    async def alerts(self) -> list[str]:
        """Routing keys of what the reporter announced."""
        rows = await self.owner.fetch("SELECT routing_key FROM outbox WHERE service = 'reporter'")
        return [row["routing_key"] for row in rows]
