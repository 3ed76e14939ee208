"""API keys of users; what is asked with one is libs.http.signed's to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Order, Paging

SortBy = Literal["name", "created_at", "last_used_at", "expires_at"]
_ORDERS: Mapping[SortBy, tuple[str, Order]] = {
    "name": ("lower(name)", "asc"),
    "created_at": ("created_at", "desc"),
    "last_used_at": ("last_used_at", "desc"),
    "expires_at": ("expires_at", "desc"),
}
_COLUMNS = "id, name, scopes, expires_at, last_used_at, created_at"


async def add(connection: AsyncConnection, key: Mapping[str, Any]) -> RowMapping:
    """A new key; takes user_id, name, key_hash, scopes, expires_at."""
    found = await connection.execute(
        text(
            "INSERT INTO api_keys (user_id, name, key_hash, scopes, expires_at) "
            f"VALUES (:user_id, :name, :key_hash, :scopes, :expires_at) RETURNING {_COLUMNS}"
        ),
        dict(key),
    )
    return found.mappings().one()


async def count(connection: AsyncConnection, user_id: UUID) -> int:
    """How many keys a user has."""
    found = await connection.execute(
        text("SELECT count(*) FROM api_keys WHERE user_id = :user"), {"user": user_id}
    )
    return int(found.scalar_one())


async def page(
    connection: AsyncConnection, user_id: UUID, sort_by: SortBy, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many keys a user has, and a page of them."""
    column, usual = _ORDERS[sort_by]
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM api_keys WHERE user_id = :user "
            f"ORDER BY {column} {paging.sql(usual)}, id LIMIT :limit OFFSET :offset"
        ),
        {"user": user_id, "limit": paging.page_size, "offset": paging.offset},
    )
    return await count(connection, user_id), paging, found.mappings().all()


async def delete(connection: AsyncConnection, user_id: UUID, key_id: UUID) -> RowMapping | None:
    """Delete a user's key; what it was, or None where there is none."""
    found = await connection.execute(
        text(f"DELETE FROM api_keys WHERE user_id = :user AND id = :id RETURNING {_COLUMNS}"),
        {"user": user_id, "id": key_id},
    )
    return found.mappings().first()
