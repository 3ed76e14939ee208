"""Answers to requests that must happen once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def claim(connection: AsyncConnection, user_id: UUID, key: str, operation: str, request: bytes) -> bool:
    """Whether this is the first request with the key. A second one waits here until the first has ended."""
    found = await connection.execute(
        text(
            "INSERT INTO idempotency_keys (user_id, key, operation, request) "
            "VALUES (:user, :key, :operation, :request) ON CONFLICT (user_id, key) DO NOTHING RETURNING true"
        ),
        {"user": user_id, "key": key, "operation": operation, "request": request},
    )
    return found.scalar_one_or_none() is not None


async def earlier(connection: AsyncConnection, user_id: UUID, key: str) -> RowMapping:
    """What the first request was and what it was answered: operation, request, status, answer (JSON text)."""
    found = await connection.execute(
        text(
            "SELECT operation, request, status, answer::text AS answer FROM idempotency_keys "
            "WHERE user_id = :user AND key = :key"
        ),
        {"user": user_id, "key": key},
    )
    return found.mappings().one()


async def answered(connection: AsyncConnection, user_id: UUID, key: str, status: int, answer: str) -> None:
    """Keep the answer, in the transaction of the work."""
    await connection.execute(
        text(
            "UPDATE idempotency_keys SET status = :status, answer = CAST(:answer AS jsonb) "
            "WHERE user_id = :user AND key = :key"
        ),
        {"user": user_id, "key": key, "status": status, "answer": answer},
    )
