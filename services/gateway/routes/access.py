"""Who asks, and the transaction that sees what they may see."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from cachetools import LRUCache
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Hasher, InvalidToken, Sealer, Tokens
from libs.bus import Bus, Queues
from libs.db.engine import tenant
from libs.http.errors import NotAllowed, NotSignedIn
from services.gateway.store import audit, people

LOGIN_PATH = "/api/v1/auth/login"
_bearer = OAuth2PasswordBearer(tokenUrl=LOGIN_PATH.removeprefix("/"), auto_error=False)


@dataclass(frozen=True)
class Parts:
    """What create_app put together; ``request.app.state.parts``."""

    engine: AsyncEngine
    bus: Bus
    queues: Queues
    tokens: Tokens
    hasher: Hasher
    sealer: Sealer | None
    cache: LRUCache[Any, Any]
    session_lifetime: timedelta

    @property
    def snapshots(self) -> AsyncEngine:
        """The same pool; transactions that see one state of the data, however many statements they have."""
        return self.engine.execution_options(isolation_level="REPEATABLE READ")


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(parts_of)]


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


From = Annotated[Origin, Depends(origin_of)]


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


async def signed_in(parts: Wired, origin: From, token: Annotated[str | None, Depends(_bearer)]) -> Caller:
    """Who sent the request. The user is read each time: disabling one or ending a session works at once."""
    if not token:
        raise NotSignedIn
    try:
        claims = parts.tokens.verify(token)
    except InvalidToken:
        raise NotSignedIn("The access token is not valid or has expired: sign in again.") from None
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        user = await people.user_of_session(connection, claims.user_id, claims.session)
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


Signed = Annotated[Caller, Depends(signed_in)]


def administrator(caller: Signed) -> Caller:
    """The caller, who must be an admin."""
    if not caller.is_admin:
        raise NotAllowed
    return caller


Admin = Annotated[Caller, Depends(administrator)]


async def _writing(parts: Wired, caller: Signed) -> AsyncIterator[AsyncConnection]:
    async with _theirs(parts.engine, caller) as connection:
        yield connection


async def _reading(parts: Wired, caller: Signed) -> AsyncIterator[AsyncConnection]:
    async with _theirs(parts.snapshots, caller) as connection:
        yield connection


def _theirs(engine: AsyncEngine, caller: Caller) -> Any:
    return tenant(engine, role=caller.role, client_ids=caller.client_ids, user_id=str(caller.id))


Database = Annotated[AsyncConnection, Depends(_writing, scope="function")]
"""The caller's transaction: sees their clients only, committed before the answer is sent."""

Snapshot = Annotated[AsyncConnection, Depends(_reading, scope="function")]
"""The same for reading: all statements see one state of the data."""
