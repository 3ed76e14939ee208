"""The CPMs of clients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = (
    "r.public_id AS id, r.source, r.cpm, r.currency, r.effective_date, r.created_by, r.created_at, "
    "r.updated_at"
)


async def history(connection: AsyncConnection, client: int) -> Sequence[RowMapping]:
    """All rates of a client, newest first."""
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM client_settings r WHERE r.client_id = :client "
            "ORDER BY r.effective_date DESC, r.source NULLS LAST"
        ),
        {"client": client},
    )
    return found.mappings().all()


async def put(connection: AsyncConnection, values: dict[str, Any]) -> UUID:
    """Add a rate, or replace the one for the same day; takes client and its columns."""
    found = await connection.execute(
        text(
            """
            INSERT INTO client_settings (client_id, source, cpm, currency, effective_date, created_by)
            VALUES (:client, :source, :cpm, :currency, :effective_date, :by)
            ON CONFLICT (client_id, source, effective_date)
            DO UPDATE SET cpm = excluded.cpm, created_by = excluded.created_by
            RETURNING public_id
            """
        ),
        values,
    )
    return UUID(str(found.scalar_one()))


async def delete(connection: AsyncConnection, client: int, rate_id: UUID) -> None:
    """Delete a rate."""
    await connection.execute(
        text("DELETE FROM client_settings WHERE client_id = :client AND public_id = :rate"),
        {"client": client, "rate": rate_id},
    )


async def sums_by_source_and_day(
    connection: AsyncConnection, client: int, start: date
) -> Sequence[RowMapping]:
    """rows, impressions and spend_e7 of each source and day from a day on."""
    found = await connection.execute(
        text(
            """
            SELECT source, date AS day, sum(rows)::bigint AS rows, sum(impressions)::bigint AS impressions,
                   sum(spend_e7)::bigint AS spend_e7
            FROM rollups WHERE client_id = :client AND date >= :start GROUP BY 1, 2 ORDER BY 1, 2
            """
        ),
        {"client": client, "start": start},
    )
    return found.mappings().all()
