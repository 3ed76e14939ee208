"""Who asks: the user behind an access token, with the clients that are theirs, and where they ask from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request

from libs.auth import InvalidToken, Tokens
from libs.db.engine import tenant
from libs.http import audit
from libs.http.errors import NotSignedIn


@dataclass(frozen=True)
class Origin:
    """Where a request comes from, as the audit log keeps it."""

    ip: str | None
    user_agent: str | None


def origin_of(request: Request) -> Origin:
    """Address and user agent; an address that is none (a socket, a test) is left out."""
    host = request.client.host if request.client else ""
    try:
        ip = str(ipaddress.ip_address(host))
    except ValueError:
        ip = None
    agent = request.headers.get("user-agent", "").replace("\x00", "")[:500]
    return Origin(ip, agent or None)


@dataclass(frozen=True)
class Caller:
    """A signed-in user and the clients that are theirs (integer keys; an admin sees all)."""

    id: UUID
    email: str
    role: str
    client_ids: tuple[int, ...]
    session: UUID
    created_at: datetime
    origin: Origin

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    async def audit(
        self,
        connection: AsyncConnection,
        action: str,
        entity: str,
        entity_id: object,
        *,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
    ) -> None:
        """Write what this caller did into the audit log, in the transaction that did it."""
        await audit.record(
            connection,
            action,
            entity,
            entity_id,
            user_id=self.id,
            ip=self.origin.ip,
            user_agent=self.origin.user_agent,
            old=old,
            new=new,
        )


async def caller_of(engine: AsyncEngine, tokens: Tokens, token: str | None, origin: Origin) -> Caller:
    """Who sent this token. The user is read each time: disabling one or ending a session works at once.

    Raises NotSignedIn.
    """
    if not token:
        raise NotSignedIn
    try:
        claims = tokens.verify(token)
    except InvalidToken:
        raise NotSignedIn("The access token is not valid or has expired: sign in again.") from None
    async with tenant(engine, role="nobody", client_ids=()) as connection:
        user = await user_of_session(connection, claims.user_id, claims.session)
    if user is None or user["role"] != claims.role:
        raise NotSignedIn("The access token is not valid or has expired: sign in again.")
    return Caller(
        user["id"],
        user["email"],
        user["role"],
        tuple(user["client_ids"]),
        claims.session,
        user["created_at"],
        origin,
    )


async def user_of_session(connection: AsyncConnection, user_id: UUID, session: UUID) -> RowMapping | None:
    """The user (id, email, role, created_at, client_ids) of a session that is still good, if active."""
    found = await connection.execute(
        text(
            "SELECT u.id, u.email, u.role, u.created_at, u.mfa_secret IS NOT NULL AS mfa, "
            "clients_of_user(u.id) AS client_ids "
            "FROM users u JOIN refresh_tokens t ON t.user_id = u.id AND t.id = :session "
            "WHERE u.id = :user_id AND u.is_active AND t.ended_at IS NULL"
        ),
        {"user_id": user_id, "session": session},
    )
    return found.mappings().first()
