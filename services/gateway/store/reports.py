"""Schedules of reports and their deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Order, Paging

_COLUMNS = (
    "s.client_id AS client_no, s.id, c.public_id AS client_id, c.name AS client_name, "
    "s.frequency, s.formats, s.recipients, s.is_active, s.created_by, s.created_at, s.updated_at"
)
_ORDERS: Mapping[str, tuple[str, Order]] = {
    "client_name": ("lower(c.name)", "asc"),
    "created_at": ("s.created_at", "desc"),
}
_DELIVERY_ORDERS = {name: name for name in ("due", "period_start", "sent_at", "created_at")}
_FROM = "FROM report_schedules s JOIN clients c ON c.id = s.client_id"


async def page(
    connection: AsyncConnection, client: UUID | None, sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many schedules there are, and a page of them."""
    column, usual = _ORDERS[sort_by]
    where, values = "WHERE CAST(:client AS uuid) IS NULL OR c.public_id = :client", {"client": client}
    total = await connection.scalar(text(f"SELECT count(*) {_FROM} {where}"), values)
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} {_FROM} {where} ORDER BY {column} {paging.sql(usual)}, "
            "s.created_at, s.id LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total or 0), paging, found.mappings().all()


async def one(connection: AsyncConnection, report_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """A schedule."""
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} {_FROM} WHERE s.id = :id" + (" FOR UPDATE OF s" if lock else "")),
        {"id": report_id},
    )
    return found.mappings().first()


async def add(connection: AsyncConnection, client: int, values: Mapping[str, Any]) -> UUID:
    """A new schedule; takes frequency, formats, recipients, is_active, created_by."""
    found = await connection.execute(
        text(
            "INSERT INTO report_schedules (client_id, frequency, formats, recipients, is_active, created_by) "
            "VALUES (:client, :frequency, :formats, :recipients, :is_active, :created_by) RETURNING id"
        ),
        {"client": client, **values},
    )
    return UUID(str(found.scalar_one()))


async def change(connection: AsyncConnection, report_id: UUID, values: Mapping[str, Any]) -> None:
    """Replaces frequency, formats, recipients and is_active."""
    await connection.execute(
        text(
            "UPDATE report_schedules SET frequency = :frequency, formats = :formats, "
            "recipients = :recipients, is_active = :is_active WHERE id = :id"
        ),
        {"id": report_id, **values},
    )


async def remove(connection: AsyncConnection, report_id: UUID) -> None:
    """With its deliveries."""
    await connection.execute(text("DELETE FROM report_schedules WHERE id = :id"), {"id": report_id})


async def deliveries(
    connection: AsyncConnection, schedule: RowMapping, sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """What was sent of a schedule."""
    where = "WHERE client_id = :client AND schedule_id = :schedule"
    values = {"client": schedule["client_no"], "schedule": schedule["id"]}
    total = await connection.scalar(text(f"SELECT count(*) FROM report_deliveries {where}"), values)
    found = await connection.execute(
        text(
            "SELECT due, period_start, period_end, status, recipients, notes, error, attempts, sent_at, "
            f"created_at FROM report_deliveries {where} "
            f"ORDER BY {_DELIVERY_ORDERS[sort_by]} {paging.sql()}, due "
            "LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total or 0), paging, found.mappings().all()
