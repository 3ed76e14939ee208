"""Who asks, as FastAPI's dependencies have it, and the transaction that sees what they may see.

For services whose ``request.app.state.parts`` have an engine that row-level security holds for, and tokens.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Tokens
from libs.db.engine import tenant
from libs.http.errors import NotAllowed
from libs.http.signed import Caller, Origin, caller_of, origin_of

LOGIN_PATH = "/api/v1/auth/login"
"""Of the gateway, which issues the tokens."""
_bearer = OAuth2PasswordBearer(tokenUrl=LOGIN_PATH.removeprefix("/"), auto_error=False)


class Gate(Protocol):
    """What it takes to know who asks."""

    @property
    def engine(self) -> AsyncEngine: ...
    @property
    def tokens(self) -> Tokens: ...


def _gate_of(request: Request) -> Gate:
    gate: Gate = request.app.state.parts
    return gate


Wired = Annotated[Gate, Depends(_gate_of)]
From = Annotated[Origin, Depends(origin_of)]


async def signed_in(gate: Wired, origin: From, token: Annotated[str | None, Depends(_bearer)]) -> Caller:
    """Who sent the request; asked before a byte of its body is read. The user is read each time: disabling
    one or ending a session works at once.
    """
    return await caller_of(gate.engine, gate.tokens, token, origin)


Signed = Annotated[Caller, Depends(signed_in)]


def administrator(caller: Signed) -> Caller:
    """The caller, who must be an admin."""
    if not caller.is_admin:
        raise NotAllowed
    return caller


Admin = Annotated[Caller, Depends(administrator)]


def seen_by(engine: AsyncEngine, caller: Caller) -> AbstractAsyncContextManager[AsyncConnection]:
    """A transaction that sees the caller's clients only."""
    return tenant(engine, role=caller.role, client_ids=caller.client_ids, user_id=str(caller.id))


async def _theirs(gate: Wired, caller: Signed) -> AsyncIterator[AsyncConnection]:
    async with seen_by(gate.engine, caller) as connection:
        yield connection


Database = Annotated[AsyncConnection, Depends(_theirs, scope="function")]
"""The caller's transaction: sees their clients only, committed before the answer is sent."""
