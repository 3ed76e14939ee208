"""Users, their sessions, and failed logins."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def user_by_email(connection: AsyncConnection, email: str) -> RowMapping | None:
    """id, email, role, password_hash, is_active; the case of the address does not matter."""
    found = await connection.execute(
        text(
            "SELECT id, email, role, password_hash, is_active, created_at FROM users "
            "WHERE lower(email) = lower(:email)"
        ),
        {"email": email},
    )
    return found.mappings().first()


async def user_exists(connection: AsyncConnection, user_id: UUID) -> bool:
    """Whether there is an active user with this id."""
    found = await connection.execute(
        text("SELECT EXISTS (SELECT FROM users WHERE id = :id AND is_active)"), {"id": user_id}
    )
    return bool(found.scalar_one())


async def lock_user(connection: AsyncConnection, user_id: UUID) -> None:
    """Whoever changes what a user owns takes turns."""
    await connection.execute(text("SELECT FROM users WHERE id = :id FOR UPDATE"), {"id": user_id})


async def disable_without_clients(connection: AsyncConnection, user_id: UUID) -> bool:
    """Disable a client user who has no active client any more; whether that was the case."""
    found = await connection.execute(
        text(
            "UPDATE users SET is_active = false WHERE id = :id AND role = 'client' AND is_active "
            "AND NOT EXISTS (SELECT FROM clients WHERE user_id = :id AND status = 'active')"
        ),
        {"id": user_id},
    )
    return found.rowcount == 1


async def failures_of(connection: AsyncConnection, account: str, since: datetime) -> int:
    """Failed logins of an account since a time, or since its last good one."""
    found = await connection.execute(
        text(
            """
            SELECT count(*) FROM audit_logs
            WHERE entity = 'login' AND entity_id = :account AND action = 'login_failed'
              AND created_at > greatest(:since, (
                  SELECT max(created_at) FROM audit_logs
                  WHERE entity = 'login' AND entity_id = :account AND action = 'login'))
            """
        ),
        {"account": account, "since": since},
    )
    return int(found.scalar_one())


async def failures_from(connection: AsyncConnection, ip: str | None, since: datetime) -> int:
    """Failed logins from an address since a time, over whatever accounts."""
    found = await connection.execute(
        text(
            "SELECT count(*) FROM audit_logs WHERE action = 'login_failed' AND ip = CAST(:ip AS inet) "
            "AND created_at > :since"
        ),
        {"ip": ip, "since": since},
    )
    return int(found.scalar_one())


async def start_session(connection: AsyncConnection, session: dict[str, Any]) -> UUID:
    """A new family of refresh tokens; takes user_id, token_hash, ip, user_agent, expires_at."""
    found = await connection.execute(
        text(
            """
            INSERT INTO refresh_tokens (user_id, family, token_hash, ip, user_agent, expires_at)
            VALUES (:user_id, gen_random_uuid(), :token_hash, CAST(:ip AS inet), :user_agent, :expires_at)
            RETURNING id
            """
        ),
        session,
    )
    return UUID(str(found.scalar_one()))


async def public_ids(connection: AsyncConnection, client_ids: tuple[int, ...]) -> list[UUID]:
    """The UUIDs of clients, in the order of their names."""
    found = await connection.execute(
        text("SELECT public_id FROM clients WHERE id = ANY(:ids) ORDER BY lower(name)"),
        {"ids": list(client_ids)},
    )
    return [UUID(str(row[0])) for row in found]
