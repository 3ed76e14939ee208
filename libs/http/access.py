"""Who asks, as FastAPI's dependencies have it, and the transaction that sees what they may see.

    Known       whoever has a good credential, even while a password has to be changed
    ├── Signed      a session, or an API key for reading where the request only reads
    │   └── Admin       of an administrator
    ├── Uploading   a session, or an API key for uploads
    ├── Reader      a session, or an API key for reading, even while a password has to be changed
    └── Arriving    a session, no API key, even while a password has to be changed
        └── Personal    the same, with a password of one's own: what concerns the account itself

Every route has one of them, or ``Public``: ``libs.http.documented`` puts it into the OpenAPI document, and
refuses a route that says nothing.

For services whose ``request.app.state.parts`` have an engine that row-level security holds for, and tokens.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Tokens
from libs.db.engine import tenant
from libs.http.errors import NotAllowed, Problem
from libs.http.signed import Caller, Origin, caller_of, origin_of

LOGIN_PATH = "/api/v1/auth/login"
"""Of the gateway, which issues the tokens."""
_bearer = OAuth2PasswordBearer(tokenUrl=LOGIN_PATH.removeprefix("/"), auto_error=False)
_pasted = HTTPBearer(
    auto_error=False, scheme_name="Bearer", description="An access token, or an API key (`tmk_…`)."
)
"""The same header, for the docs page: somebody may have a token or a key already."""
Credential = Annotated[str | None, Depends(_bearer)]
"""What stands after ``Authorization: Bearer``, whatever it is."""
READS = ("GET", "HEAD")


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


async def known(
    gate: Wired,
    origin: From,
    token: Credential,
    _: Annotated[object, Depends(_pasted)],
) -> Caller:
    """Who sent the request; asked before a byte of its body is read. The user is read each time: disabling
    one or ending a session works at once.
    """
    return await caller_of(gate.engine, gate.tokens, token, origin)


Known = Annotated[Caller, Depends(known)]


def signed_in(request: Request, caller: Known) -> Caller:
    """The caller; an API key must be for reading, and the request must not change anything."""
    _must_have_own_password(caller)
    if caller.key is not None and request.method not in READS:
        raise NotAllowed("An API key cannot do this: it is for reading or for uploads. Sign in instead.")
    must_read(caller)
    return caller


Signed = Annotated[Caller, Depends(signed_in)]


def uploading(caller: Known) -> Caller:
    """The caller; an API key must be for uploads."""
    _must_have_own_password(caller)
    if not caller.may("upload"):
        raise NotAllowed("This API key is for reading alone: uploads need one with the scope `upload`.")
    return caller


Uploading = Annotated[Caller, Depends(uploading)]


def reader(caller: Known) -> Caller:
    """The caller; an API key must be for reading."""
    must_read(caller)
    return caller


Reader = Annotated[Caller, Depends(reader)]


def anybody() -> None:
    """Whoever asks: it says so, and does nothing."""


Public = Depends(anybody)
"""Among the dependencies of a route or a router: no credential is asked for."""


def arriving(caller: Known) -> Caller:
    """The caller, in a session, even while a password has to be changed."""
    if caller.session is None:
        raise NotAllowed("An API key cannot do this: sign in with e-mail and password.")
    return caller


Arriving = Annotated[Caller, Depends(arriving)]


def personal(caller: Arriving) -> Caller:
    """The caller, in a session."""
    _must_have_own_password(caller)
    return caller


Personal = Annotated[Caller, Depends(personal)]


def must_read(caller: Caller) -> None:
    """Raises NotAllowed for an API key that is not for reading."""
    if not caller.may("read"):
        raise NotAllowed("This API key is for uploads alone: reading needs one with the scope `read`.")


def _must_have_own_password(caller: Caller) -> None:
    if caller.must_change_password:
        raise Problem(
            403,
            "Choose a password of your own first, with PUT /api/v1/auth/change-password: "
            "until then nothing else answers.",
            code="PASSWORD_CHANGE_REQUIRED",
        )


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
