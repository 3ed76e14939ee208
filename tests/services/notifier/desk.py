"""A client, its runs, and what people see and get of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RunFailed
from contracts.notify.v1 import AlertRaised, FileMissing
from libs.db.engine import transaction
from services.notifier import rules, store
from services.notifier.handlers import keeping
from services.notifier.rules.alarms import Limits
from services.notifier.store import Delivered

DAY = date(2026, 10, 1)
NOON = datetime(2026, 10, 2, 12, tzinfo=UTC)
AT_ONCE = Limits(group_seconds=0)


class Desk:
    """A client, its runs, and what people see of them."""

    def __init__(self, owner: asyncpg.Connection[asyncpg.Record], engine: AsyncEngine) -> None:
        self.owner, self.engine = owner, engine
        self.client = uuid4()
        self.limits = AT_ONCE

    async def run(
        self, status: str, hours: int = 0, *, day: date | None = DAY, source: str = "surfside"
    ) -> UUID:
        """A run in the log that ended so many hours after noon."""
        run_id = uuid4()
        ended = NOON + timedelta(hours=hours)
        await self.owner.execute(
            "INSERT INTO ingestion_logs "
            "(client_id, run_id, source, run_date, status, started_at, finished_at) "
            "SELECT id, $2, $3, $4, $5, $6, $6 FROM clients WHERE public_id = $1",
            self.client,
            run_id,
            source,
            day,
            status,
            ended,
        )
        return run_id

    def failure(self, run_id: UUID, error: str = "no header") -> RunFailed:
        return RunFailed(
            client_id=self.client, run_id=run_id, source="surfside", run_date=DAY, error_code="X", error=error
        )

    def missing(self, run_id: UUID) -> FileMissing:
        return FileMissing(
            client_id=self.client, run_id=run_id, source="surfside", run_date=DAY, bucket="b", expected="k"
        )

    async def fails(self, run_id: UUID, error: str = "no header") -> None:
        async with transaction(self.engine) as connection:
            await keeping.keep_failure(connection, self.failure(run_id, error), self.limits)

    async def misses(self, run_id: UUID) -> None:
        async with transaction(self.engine) as connection:
            await keeping.keep_missing(connection, self.missing(run_id), self.limits)

    async def alerts(self, event: AlertRaised, correlation_id: str = "c") -> bool:
        async with transaction(self.engine) as connection:
            return await keeping.tell(connection, rules.alert(event, correlation_id), self.limits)

    async def loads(self, run_id: UUID, day: date | None = DAY, source: str = "surfside") -> int:
        async with transaction(self.engine) as connection:
            return await store.settle(connection, Delivered(self.client, source, day, run_id, loaded=run_id))

    async def rows(self) -> list[dict[str, Any]]:
        found = await self.owner.fetch("SELECT * FROM notifications ORDER BY created_at, kind")
        return [dict(row) | {"details": json.loads(row["details"])} for row in found]

    async def only(self) -> dict[str, Any]:
        (row,) = await self.rows()
        return row

    async def mails(self) -> list[dict[str, Any]]:
        found = await self.owner.fetch("SELECT * FROM mails ORDER BY created_at, id")
        return [dict(row) for row in found]

    async def add_client(self, name: str) -> UUID:
        """Another client."""
        client = uuid4()
        await self.owner.execute("INSERT INTO clients (public_id, name) VALUES ($1, $2)", client, name)
        return client
