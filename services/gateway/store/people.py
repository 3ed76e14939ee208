"""Users, and failed logins.

Whoever starts, renews or ends a session, or changes how a user signs in, first takes the user with ``hold``:
so no session outlives what was to end it, and no code or token counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

_HELD = (
    "id, email, role, password_hash, is_active, must_change_password, created_at, mfa_secret, mfa_pending, "
    "mfa_step"
)
_COLUMNS = (
    "u.id, u.email, u.role, u.is_active, u.mfa_secret IS NOT NULL AS mfa_enabled, u.must_change_password, "
    "ARRAY(SELECT c.public_id FROM clients c WHERE c.user_id = u.id ORDER BY lower(c.name)) AS client_ids, "
    "(SELECT max(t.created_at) FROM refresh_tokens t WHERE t.user_id = u.id) AS last_seen_at, "
    "u.created_at, u.updated_at"
)
_ORDERS = {"email": "lower(u.email)", "created_at": "u.created_at", "last_seen_at": "last_seen_at"}


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


async def hold(connection: AsyncConnection, user_id: UUID) -> RowMapping | None:
    """A user with all that signing in needs; nobody else holds them until the transaction ends."""
    found = await connection.execute(
        text(f"SELECT {_HELD} FROM users WHERE id = :id FOR NO KEY UPDATE"), {"id": user_id}
    )
    return found.mappings().first()


async def hold_with_admins(connection: AsyncConnection, user_id: UUID) -> Mapping[UUID, RowMapping]:
    """A user and all active administrators, held in the order of their ids: nobody else counts meanwhile."""
    found = await connection.execute(
        text(
            f"SELECT {_HELD} FROM users WHERE id = :id OR (role = 'admin' AND is_active) "
            "ORDER BY id FOR NO KEY UPDATE"
        ),
        {"id": user_id},
    )
    return {UUID(str(row["id"])): row for row in found.mappings()}


async def add(connection: AsyncConnection, user: Mapping[str, Any]) -> UUID | None:
    """A new user; takes email, password_hash, role, must_change_password. None where the address is taken."""
    found = await connection.execute(
        text(
            "INSERT INTO users (email, password_hash, role, must_change_password) "
            "VALUES (:email, :password_hash, :role, :must_change_password) "
            "ON CONFLICT (lower(email)) DO NOTHING RETURNING id"
        ),
        dict(user),
    )
    added = found.scalar_one_or_none()
    return None if added is None else UUID(str(added))


async def change(connection: AsyncConnection, user_id: UUID, *, role: str, is_active: bool) -> None:
    """What an administrator decides."""
    await connection.execute(
        text("UPDATE users SET role = :role, is_active = :active WHERE id = :id"),
        {"id": user_id, "role": role, "active": is_active},
    )


async def set_password(
    connection: AsyncConnection, user_id: UUID, password_hash: str, *, must_change: bool
) -> None:
    """A new password."""
    await connection.execute(
        text("UPDATE users SET password_hash = :hash, must_change_password = :must_change WHERE id = :id"),
        {"id": user_id, "hash": password_hash, "must_change": must_change},
    )


async def one(connection: AsyncConnection, user_id: UUID) -> RowMapping | None:
    """A user as administrators see them."""
    found = await connection.execute(
        text(f"SELECT {_COLUMNS} FROM users u WHERE u.id = :id"), {"id": user_id}
    )
    return found.mappings().first()


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many users there are, and a page of them; filters: email (contained), role, is_active."""
    where = (
        "WHERE (CAST(:email AS text) IS NULL OR strpos(lower(u.email), lower(:email)) > 0) "
        "AND (CAST(:role AS text) IS NULL OR u.role = :role) "
        "AND (CAST(:is_active AS boolean) IS NULL OR u.is_active = :is_active)"
    )
    order = paging.sql("asc" if sort_by == "email" else "desc")
    total = await connection.execute(text(f"SELECT count(*) FROM users u {where}"), dict(filters))
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM users u {where} "
            f"ORDER BY {_ORDERS[sort_by]} {order}, u.id LIMIT :limit OFFSET :offset"
        ),
        {**filters, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()


async def public_ids(connection: AsyncConnection, client_ids: tuple[int, ...]) -> list[UUID]:
    """The UUIDs of clients, in the order of their names."""
    found = await connection.execute(
        text("SELECT public_id FROM clients WHERE id = ANY(:ids) ORDER BY lower(name)"),
        {"ids": list(client_ids)},
    )
    return [UUID(str(row[0])) for row in found]
