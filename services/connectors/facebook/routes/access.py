"""Who asks, and the transaction that sees what they may see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Tokens
from libs.db.engine import tenant
from libs.http.errors import NotAllowed
from libs.http.signed import Caller, Origin, caller_of, origin_of
from services.connectors.facebook.handlers import Desk

_bearer = OAuth2PasswordBearer(tokenUrl="api/v1/auth/login", auto_error=False)


@dataclass(frozen=True)
class Parts:
    """What create_app put together; ``request.app.state.parts``."""

    engine: AsyncEngine
    """Row-level security holds for it: each transaction says who asks."""
    desk: Desk
    tokens: Tokens
    max_upload_size: int
    check_seconds: float

    def seen_by(self, caller: Caller) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees the caller's clients only."""
        return tenant(self.engine, role=caller.role, client_ids=caller.client_ids, user_id=str(caller.id))


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(parts_of)]


async def signed_in(
    parts: Wired,
    origin: Annotated[Origin, Depends(origin_of)],
    token: Annotated[str | None, Depends(_bearer)],
) -> Caller:
    """Who sent the request; asked before a byte of its body is read."""
    return await caller_of(parts.engine, parts.tokens, token, origin)


Signed = Annotated[Caller, Depends(signed_in)]


def administrator(caller: Signed) -> Caller:
    """The caller, who must be an admin."""
    if not caller.is_admin:
        raise NotAllowed
    return caller


Admin = Annotated[Caller, Depends(administrator)]


async def _theirs(parts: Wired, caller: Signed) -> AsyncIterator[AsyncConnection]:
    async with parts.seen_by(caller) as connection:
        yield connection


Database = Annotated[AsyncConnection, Depends(_theirs, scope="function")]
"""The caller's transaction, committed before the answer is sent."""
