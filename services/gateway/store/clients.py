"""Clients and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

_COLUMNS = (
    "c.id, c.public_id, c.name, c.status, c.user_id, c.currency, c.timezone, c.settings, "
    "c.created_at, c.updated_at"
)
_RATE = (
    "(SELECT json_build_object('cpm', r.cpm::text, 'source', r.source, 'effective_date', r.effective_date) "
    "FROM client_settings r WHERE r.client_id = c.id AND r.source IS NULL AND r.effective_date <= "
    "(now() AT TIME ZONE c.timezone)::date ORDER BY r.effective_date DESC LIMIT 1) AS cpm"
)
_SOURCES = (
    "(SELECT json_object_agg(r.source, json_build_object('cpm', r.cpm::text, 'source', r.source, "
    "'effective_date', r.effective_date)) FROM (SELECT DISTINCT ON (o.source) o.source, o.cpm, "
    "o.effective_date FROM client_settings o WHERE o.client_id = c.id AND o.source IS NOT NULL AND "
    "o.effective_date <= (now() AT TIME ZONE c.timezone)::date ORDER BY o.source, o.effective_date DESC) r) "
    "AS cpm_by_source"
)
_RATES = f"{_RATE}, {_SOURCES}"
_CHANGED = {
    **{name: f":{name}" for name in ("name", "status", "user_id", "currency", "timezone")},
    "settings": "CAST(:settings AS jsonb)",
}
_ORDERS = {"name": "lower(c.name)", "created_at": "c.created_at", "status": "c.status"}


async def visible(connection: AsyncConnection, *, active: bool = False) -> Sequence[RowMapping]:
    """All clients that the transaction sees, by name."""
    where = "WHERE c.status = 'active'" if active else ""
    found = await connection.execute(text(f"SELECT {_COLUMNS} FROM clients c {where} ORDER BY lower(c.name)"))
    return found.mappings().all()


async def chosen(connection: AsyncConnection, public_ids: Sequence[UUID]) -> Sequence[RowMapping]:
    """Those of these clients that the transaction sees, by name."""
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} FROM clients c WHERE c.public_id = ANY(:ids) ORDER BY lower(c.name)"),
        {"ids": list(public_ids)},
    )
    return found.mappings().all()


async def one(connection: AsyncConnection, public_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """A client with the CPMs in force today, if the transaction sees it."""
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS}, {_RATES} FROM clients c WHERE c.public_id = :id"
            + (" FOR UPDATE" if lock else "")
        ),
        {"id": public_id},
    )
    return found.mappings().first()


async def by_key(connection: AsyncConnection, client_id: int) -> RowMapping:
    """A client that the transaction sees, by its integer key."""
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} FROM clients c WHERE c.id = :id"), {"id": client_id}
    )
    return found.mappings().one()


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many clients there are, and a page of them with their CPMs in force; filters: status, name."""
    where = (
        "WHERE (CAST(:status AS text) IS NULL OR c.status = :status) "
        "AND (CAST(:name AS text) IS NULL OR strpos(lower(c.name), lower(:name)) > 0)"
    )
    order = paging.sql("asc" if sort_by == "name" else "desc")
    total = await connection.execute(text(f"SELECT count(*) FROM clients c {where}"), dict(filters))
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS}, {_RATES} FROM clients c {where} "
            f"ORDER BY {_ORDERS[sort_by]} {order}, c.id LIMIT :limit OFFSET :offset"
        ),
        {**filters, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()


async def add(connection: AsyncConnection, values: dict[str, Any]) -> UUID:
    """A new client; takes name, user_id, currency, timezone, settings (JSON text)."""
    found = await connection.execute(
        text(
            "INSERT INTO clients (name, user_id, currency, timezone, settings) "
            "VALUES (:name, :user_id, :currency, :timezone, CAST(:settings AS jsonb)) RETURNING public_id"
        ),
        values,
    )
    return UUID(str(found.scalar_one()))


async def name_is_taken(connection: AsyncConnection, name: str, *, but: int = 0) -> bool:
    """Whether a client (other than ``but``) has that name, whatever its case."""
    found = await connection.execute(
        text("SELECT EXISTS (SELECT FROM clients WHERE lower(name) = lower(:name) AND id <> :but)"),
        {"name": name, "but": but},
    )
    return bool(found.scalar_one())


async def change(connection: AsyncConnection, client_id: int, values: Mapping[str, Any]) -> None:
    """Set some of name, status, user_id, currency, timezone, settings (JSON text) of a client."""
    placed = ", ".join(f"{name} = {_CHANGED[name]}" for name in values)
    if placed:
        await connection.execute(
            text(f"UPDATE clients SET {placed} WHERE id = :client"), {**values, "client": client_id}
        )


async def has_money(connection: AsyncConnection, client_id: int) -> bool:
    """Whether a client has rows, CPMs or runs under way: amounts in its currency."""
    found = await connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM daily_metrics WHERE client_id = :client) "
            "OR EXISTS (SELECT FROM client_settings WHERE client_id = :client) "
            "OR EXISTS (SELECT FROM ingestion_logs WHERE client_id = :client "
            "AND status IN ('running', 'stalled', 'held'))"
        ),
        {"client": client_id},
    )
    return bool(found.scalar_one())


async def sources_of(connection: AsyncConnection, client_id: int) -> dict[str, RowMapping]:
    """source → enabled, settling_days, timezone; those with settings."""
    found = await connection.execute(
        text("SELECT source, enabled, settling_days, timezone FROM source_settings WHERE client_id = :id"),
        {"id": client_id},
    )
    return {row["source"]: row for row in found.mappings()}
