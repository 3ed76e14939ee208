"""Who asks, and where from: the user behind an access token or API key, with the clients that are theirs."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request

from libs.auth import API_KEY_PREFIX, InvalidToken, Tokens, digest_of
from libs.db.engine import tenant
from libs.http import audit
from libs.http.errors import NotSignedIn

Scope = Literal["read", "upload"]
_ENDED = "The access token is not valid or has expired: sign in again."
_NO_KEY = "The API key is not valid, has expired or was deleted."


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
class Key:
    """The API key that a request came with, and what it is for."""

    id: UUID
    scopes: frozenset[str]


@dataclass(frozen=True)
class Caller:
    """A user and the clients that are theirs (integer keys; an admin sees all), in a session or by a key."""

    id: UUID
    email: str
    role: str
    client_ids: tuple[int, ...]
    session: UUID | None
    key: Key | None
    must_change_password: bool
    mfa_enabled: bool
    created_at: datetime
    origin: Origin

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    def may(self, scope: Scope) -> bool:
        """Whether this request may do so, as far as its credential goes: a session may all its user may."""
        return self.key is None or scope in self.key.scopes

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
        if self.key is not None:
            new = {**(new or {}), "api_key": self.key.id}
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


async def caller_of(engine: AsyncEngine, tokens: Tokens, credential: str | None, origin: Origin) -> Caller:
    """Who sent this access token or API key. The user is read each time: disabling one, ending a session or
    deleting a key works at once.

    Raises NotSignedIn.
    """
    if not credential:
        raise NotSignedIn
    if credential.startswith(API_KEY_PREFIX):
        return await _caller_by_key(engine, credential, origin)
    try:
        claims = tokens.verify(credential)
    except InvalidToken:
        raise NotSignedIn(_ENDED) from None
    async with tenant(engine, role="nobody", client_ids=()) as connection:
        user = await user_of_session(connection, claims.user_id, claims.session)
    if user is None or user["role"] != claims.role:
        raise NotSignedIn(_ENDED)
    return _caller(user, origin, session=claims.session)


async def _caller_by_key(engine: AsyncEngine, secret: str, origin: Origin) -> Caller:
    async with tenant(engine, role="nobody", client_ids=()) as connection:
        user = await user_of_key(connection, digest_of(secret))
    if user is None:
        raise NotSignedIn(_NO_KEY)
    return _caller(user, origin, key=Key(user["key_id"], frozenset(user["scopes"])))


def _caller(
    user: RowMapping, origin: Origin, *, session: UUID | None = None, key: Key | None = None
) -> Caller:
    return Caller(
        user["id"],
        user["email"],
        user["role"],
        tuple(user["client_ids"]),
        session,
        key,
        user["must_change_password"],
        user["mfa"],
        user["created_at"],
        origin,
    )


_USER = (
    "u.id, u.email, u.role, u.created_at, u.must_change_password, u.mfa_secret IS NOT NULL AS mfa, "
    "clients_of_user(u.id) AS client_ids"
)


async def user_of_session(connection: AsyncConnection, user_id: UUID, session: UUID) -> RowMapping | None:
    """The user (id, email, role, created_at, must_change_password, mfa, client_ids) of a session that is
    still good, if active.
    """
    found = await connection.execute(
        text(
            f"SELECT {_USER} "  # noqa: S608 - a constant
            "FROM users u JOIN refresh_tokens t ON t.user_id = u.id AND t.id = :session "
            "WHERE u.id = :user_id AND u.is_active AND t.ended_at IS NULL"
        ),
        {"user_id": user_id, "session": session},
    )
    return found.mappings().first()


async def user_of_key(connection: AsyncConnection, key_hash: bytes) -> RowMapping | None:
    """The same of an API key that is still good, with its key_id and scopes; notes that it was used."""
    found = await connection.execute(
        text(
            f"SELECT {_USER}, k.key_id, k.scopes FROM use_api_key(:hash) k "  # noqa: S608 - a constant
            "JOIN users u ON u.id = k.user_id WHERE u.is_active"
        ),
        {"hash": key_hash},
    )
    return found.mappings().first()
