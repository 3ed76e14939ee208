"""``Idempotency-Key``: what a key of a user was first sent with, and what it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Header
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from libs.http.answers import ExactJSON
from libs.http.errors import Problem

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Anything unique; sent again with the same request, it is answered as the first time.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """A request with a key: whose, what it does, and a digest of what it says."""

    user_id: UUID
    key: str
    operation: str
    digest: bytes


async def claim(connection: AsyncConnection, asked: Asked) -> bool:
    """Whether this is the first request with the key. A second one waits here until the first has ended."""
    found = await connection.execute(
        text(
            "INSERT INTO idempotency_keys (user_id, key, operation, request) "
            "VALUES (:user, :key, :operation, :request) ON CONFLICT (user_id, key) DO NOTHING RETURNING true"
        ),
        {"user": asked.user_id, "key": asked.key, "operation": asked.operation, "request": asked.digest},
    )
    return found.scalar_one_or_none() is not None


async def earlier(connection: AsyncConnection, asked: Asked) -> Response | None:
    """The first answer again; None: the key is new. Raises Problem (422) for a key of another request."""
    found = await connection.execute(
        text(
            "SELECT operation, request, status, answer::text AS answer FROM idempotency_keys "
            "WHERE user_id = :user AND key = :key"
        ),
        {"user": asked.user_id, "key": asked.key},
    )
    first = found.mappings().one_or_none()
    if first is None:
        return None
    if (first["operation"], bytes(first["request"])) != (asked.operation, asked.digest):
        raise Problem(
            422, "This Idempotency-Key was used for another request.", code="IDEMPOTENCY_KEY_REUSED"
        )
    headers = {"Idempotency-Replayed": "true"}
    return ExactJSON(orjson.Fragment(first["answer"]), first["status"], headers)


async def keep(connection: AsyncConnection, asked: Asked, status: int, answer: bytes) -> None:
    """Keep the answer (JSON), in the transaction of the work."""
    await connection.execute(
        text(
            "UPDATE idempotency_keys SET status = :status, answer = CAST(:answer AS jsonb) "
            "WHERE user_id = :user AND key = :key"
        ),
        {"user": asked.user_id, "key": asked.key, "status": status, "answer": answer.decode()},
    )
