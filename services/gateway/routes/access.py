"""Who asks, and the transaction that sees what they may see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import httpx
from cachetools import LRUCache
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Hasher, Sealer, Tokens
from libs.bus import Bus, Queues
from libs.db.engine import tenant
from libs.http.errors import NotAllowed
from libs.http.signed import Caller, Origin, caller_of, origin_of

LOGIN_PATH = "/api/v1/auth/login"
__all__ = [
    "Admin",
    "Caller",
    "Database",
    "From",
    "Origin",
    "Parts",
    "Signed",
    "Snapshot",
    "Wired",
    "origin_of",
]
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
    facebook_url: str
    uploads: httpx.AsyncClient
    """Of the facebook connector."""

    @property
    def snapshots(self) -> AsyncEngine:
        """The same pool; transactions that see one state of the data, however many statements they have."""
        return self.engine.execution_options(isolation_level="REPEATABLE READ")


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(parts_of)]


From = Annotated[Origin, Depends(origin_of)]


async def signed_in(parts: Wired, origin: From, token: Annotated[str | None, Depends(_bearer)]) -> Caller:
    """Who sent the request. The user is read each time: disabling one or ending a session works at once."""
    return await caller_of(parts.engine, parts.tokens, token, origin)


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
