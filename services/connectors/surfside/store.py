"""Every SQL statement of this service that connectors do not share. Never commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class OldRun:
    """A run whose raw file is to be read again."""

    run_date: date | None
    delivered_at: datetime | None
    generation: int
    artifact: dict[str, Any] | None


async def settled_runs(connection: AsyncConnection, client_id: int, run_ids: Collection[UUID]) -> set[UUID]:
    """Which of these runs need no look: ended, held, or under way for less than an hour."""
    found = await connection.execute(
        text(
            "SELECT run_id FROM ingestion_logs WHERE client_id = :client_id AND run_id = ANY(:run_ids) "
            "AND (status NOT IN ('running', 'stalled') OR started_at > now() - interval '1 hour')"
        ),
        {"client_id": client_id, "run_ids": list(run_ids)},
    )
    return set(found.scalars())


async def old_run(connection: AsyncConnection, client_id: int, run_id: UUID) -> OldRun | None:
    """A run of this source; None when there is no such one."""
    found = await connection.execute(
        text(
            "SELECT run_date, delivered_at, generation, artifact FROM ingestion_logs "
            "WHERE client_id = :client_id AND run_id = :run_id AND source = 'surfside'"
        ).columns(artifact=JSONB),
        {"client_id": client_id, "run_id": run_id},
    )
    row = found.one_or_none()
    return None if row is None else OldRun(*row)


async def statuses(connection: AsyncConnection, client_id: int, run_ids: Collection[UUID]) -> dict[UUID, str]:
    """In which status each of these runs stands; unknown ones are left out."""
    found = await connection.execute(
        text(
            "SELECT run_id, status FROM ingestion_logs "
            "WHERE client_id = :client_id AND run_id = ANY(:run_ids)"
        ),
        {"client_id": client_id, "run_ids": list(run_ids)},
    )
    return {row.run_id: row.status for row in found}
