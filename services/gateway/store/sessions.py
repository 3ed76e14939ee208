"""Sessions. One is a family of refresh tokens: each renewal uses one up and adds the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

_LIVE = "bool_or(ended_at IS NULL AND used_at IS NULL AND expires_at > now())"


async def add_token(connection: AsyncConnection, token: Mapping[str, Any]) -> UUID:
    """A refresh token; takes user_id, family (None: a new one), token_hash, ip, user_agent, expires_at."""
    found = await connection.execute(
        text(
            """
            INSERT INTO refresh_tokens (user_id, family, token_hash, ip, user_agent, expires_at)
            VALUES (:user_id, coalesce(CAST(:family AS uuid), gen_random_uuid()), :token_hash,
                    CAST(:ip AS inet), :user_agent, :expires_at)
            RETURNING id
            """
        ),
        dict(token),
    )
    return UUID(str(found.scalar_one()))


async def user_of_token(connection: AsyncConnection, token_hash: bytes) -> UUID | None:
    """Whose refresh token it is. Hold them before you look at the token itself."""
    found = await connection.execute(
        text("SELECT user_id FROM refresh_tokens WHERE token_hash = :hash"), {"hash": token_hash}
    )
    user = found.scalar_one_or_none()
    return None if user is None else UUID(str(user))


async def token(connection: AsyncConnection, token_hash: bytes) -> RowMapping | None:
    """id, user_id, family, and whether it was used, has ended, is fresh (not expired)."""
    found = await connection.execute(
        text(
            "SELECT id, user_id, family, used_at IS NOT NULL AS used, ended_at IS NOT NULL AS ended, "
            "expires_at > now() AS fresh FROM refresh_tokens WHERE token_hash = :hash"
        ),
        {"hash": token_hash},
    )
    return found.mappings().first()


async def use_up(connection: AsyncConnection, token_id: UUID) -> None:
    """It renewed its session."""
    await connection.execute(
        text("UPDATE refresh_tokens SET used_at = now() WHERE id = :id"), {"id": token_id}
    )


async def family_of(connection: AsyncConnection, user_id: UUID, token_id: UUID | None) -> UUID | None:
    """The session that a token of a user belongs to."""
    found = await connection.execute(
        text("SELECT family FROM refresh_tokens WHERE user_id = :user AND id = :id"),
        {"user": user_id, "id": token_id},
    )
    family = found.scalar_one_or_none()
    return None if family is None else UUID(str(family))


async def end(connection: AsyncConnection, user_id: UUID, family: UUID) -> bool:
    """End a session and all its tokens; False where it is none of the user's or has ended."""
    found = await connection.execute(
        text(f"SELECT {_LIVE} FROM refresh_tokens WHERE user_id = :user AND family = :family HAVING {_LIVE}"),
        {"user": user_id, "family": family},
    )
    live = found.scalar_one_or_none() is not None
    await connection.execute(
        text(
            "UPDATE refresh_tokens SET ended_at = now() "
            "WHERE user_id = :user AND family = :family AND ended_at IS NULL"
        ),
        {"user": user_id, "family": family},
    )
    return live


async def end_all(connection: AsyncConnection, user_id: UUID, *, but: UUID | None = None) -> int:
    """End a user's sessions (but one); how many there were."""
    found = await connection.execute(
        text(
            """
            WITH ended AS (
                UPDATE refresh_tokens SET ended_at = now()
                WHERE user_id = :user AND ended_at IS NULL
                  AND (CAST(:but AS uuid) IS NULL OR family <> :but)
                RETURNING family, used_at, expires_at
            )
            SELECT count(DISTINCT family) FROM ended WHERE used_at IS NULL AND expires_at > now()
            """
        ),
        {"user": user_id, "but": but},
    )
    return int(found.scalar_one())


async def forget_expired(connection: AsyncConnection, user_id: UUID) -> None:
    """Delete tokens of a user that have been good for nothing for a day."""
    await connection.execute(
        text("DELETE FROM refresh_tokens WHERE user_id = :user AND expires_at < now() - interval '1 day'"),
        {"user": user_id},
    )


_ORDERS = {name: name for name in ("last_used_at", "created_at", "expires_at")}


async def page(
    connection: AsyncConnection, user_id: UUID, present: UUID | None, sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many sessions of a user are alive, and a page of them; ``present`` is a token
    of the session that asks.
    """
    total = await connection.execute(
        text(
            "SELECT count(*) FROM (SELECT family FROM refresh_tokens WHERE user_id = :user "
            f"GROUP BY family HAVING {_LIVE}) alive"
        ),
        {"user": user_id},
    )
    found = await connection.execute(
        text(
            f"""
            SELECT family AS id, min(created_at) AS created_at,
                   max(created_at) AS last_used_at, max(expires_at) AS expires_at,
                   (array_agg(host(ip) ORDER BY created_at DESC))[1] AS ip,
                   (array_agg(user_agent ORDER BY created_at DESC))[1] AS user_agent,
                   bool_or(id = :present) AS current
            FROM refresh_tokens WHERE user_id = :user GROUP BY family HAVING {_LIVE}
            ORDER BY {_ORDERS[sort_by]} {paging.sql()}, family LIMIT :limit OFFSET :offset
            """
        ),
        {"user": user_id, "present": present, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()
