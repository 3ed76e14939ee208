"""Saved views of the page: each belongs to the user who saved it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = "id, name, state, created_at, updated_at"


async def of_user(connection: AsyncConnection, user_id: UUID) -> Sequence[RowMapping]:
    """A user's views, by name."""
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} FROM saved_views WHERE user_id = :user ORDER BY lower(name), id"),
        {"user": user_id},
    )
    return found.mappings().all()


async def add(connection: AsyncConnection, user_id: UUID, name: str, state: str) -> RowMapping | None:
    """Save a view (its state as JSON text); None where the user has one of that name."""
    found = await connection.execute(
        text(
            "INSERT INTO saved_views (user_id, name, state) VALUES (:user, :name, CAST(:state AS jsonb)) "
            f"ON CONFLICT (user_id, name) DO NOTHING RETURNING {_COLUMNS}"
        ),
        {"user": user_id, "name": name, "state": state},
    )
    return found.mappings().first()


async def delete(connection: AsyncConnection, user_id: UUID, view_id: UUID) -> RowMapping | None:
    """Delete a user's view; None where the user has none of that id."""
    found = await connection.execute(
        text(f"DELETE FROM saved_views WHERE user_id = :user AND id = :id RETURNING {_COLUMNS}"),
        {"user": user_id, "id": view_id},
    )
    return found.mappings().first()
