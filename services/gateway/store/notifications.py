"""What people were told, and who took notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

_COLUMNS = (
    "n.id, c.public_id AS client_id, c.name AS client_name, n.kind, n.severity, n.message, "
    "n.run_id, n.details, n.times, n.acknowledged_by, n.acknowledged_at, "
    "n.resolved_at, n.created_at, n.updated_at"
)
_WHERE = (
    "WHERE (CAST(:severity AS text) IS NULL OR n.severity = :severity) "
    "AND (CAST(:client AS uuid) IS NULL OR c.public_id = :client) "
    "AND (CAST(:acknowledged AS boolean) IS NULL OR (n.acknowledged_at IS NOT NULL) = :acknowledged)"
)
_FROM = "FROM notifications n LEFT JOIN clients c ON c.id = n.client_id"
_ORDERS = {"created_at": "n.created_at", "severity": "n.severity", "times": "n.times"}


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many there are, and a page of them; filters: severity, client, acknowledged."""
    total = await connection.execute(text(f"SELECT count(*) {_FROM} {_WHERE}"), dict(filters))
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} {_FROM} {_WHERE} ORDER BY {_ORDERS[sort_by]} {paging.sql()}, n.id "
            "LIMIT :limit OFFSET :offset"
        ),
        {**filters, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()


async def acknowledge(connection: AsyncConnection, notification: UUID, by: UUID) -> bool:
    """Note who took notice first; False where there is no such notification."""
    found = await connection.execute(
        text(
            "UPDATE notifications SET acknowledged_by = coalesce(acknowledged_by, :by), "
            "acknowledged_at = coalesce(acknowledged_at, now()) WHERE id = :id"
        ),
        {"id": notification, "by": by},
    )
    return found.rowcount == 1
