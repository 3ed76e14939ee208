"""Every SQL statement of this service that connectors do not share. Never commits."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


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
