"""The clients that somebody may upload for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def is_seen(connection: AsyncConnection, client_id: UUID) -> bool:
    """Whether the transaction sees this client."""
    found = await connection.execute(
        text("SELECT 1 FROM clients WHERE public_id = :client_id"), {"client_id": client_id}
    )
    return found.first() is not None


async def active_clients(connection: AsyncConnection, most: int) -> Sequence[RowMapping]:
    """The first active clients that the transaction sees, by name: client_id and name."""
    found = await connection.execute(
        text(
            "SELECT public_id AS client_id, name FROM clients WHERE status = 'active' "
            "ORDER BY lower(name), id LIMIT :most"
        ),
        {"most": most},
    )
    return found.mappings().all()
