"""Campaigns, strategies, placements, creatives: their names, and which belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

Level = Literal["campaign", "strategy", "placement", "creative"]
LEVELS: tuple[Level, ...] = ("campaign", "strategy", "placement", "creative")


async def campaign(connection: AsyncConnection, clients: Sequence[int], public_id: UUID) -> RowMapping | None:
    """A campaign (client_id, id, public_id, source, name) of these clients."""
    found = await connection.execute(
        text(
            "SELECT client_id, id, public_id, source, coalesce(label, name) AS name FROM campaigns "
            "WHERE client_id = ANY(:clients) AND public_id = :id"
        ),
        {"clients": list(clients), "id": public_id},
    )
    return found.mappings().first()
