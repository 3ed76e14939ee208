"""What the routes work with, and who asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import httpx
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Hasher, Sealer, Tokens
from libs.bus import Bus, Queues
from libs.http.access import (
    LOGIN_PATH,
    Admin,
    Arriving,
    Credential,
    Database,
    From,
    Personal,
    Public,
    Reader,
    Signed,
    seen_by,
)
from libs.http.signed import Caller, Origin, origin_of
from libs.reading.keeping import Sums

__all__ = [
    "LOGIN_PATH",
    "Admin",
    "Arriving",
    "Caller",
    "Credential",
    "Database",
    "From",
    "Origin",
    "Parts",
    "Personal",
    "Public",
    "Reader",
    "Signed",
    "Snapshot",
    "Wired",
    "origin_of",
    "seen_by",
]


@dataclass(frozen=True)
class Parts:
    """What create_app put together; ``request.app.state.parts``."""

    engine: AsyncEngine
    bus: Bus
    queues: Queues
    tokens: Tokens
    hasher: Hasher
    sealer: Sealer | None
    cache: Sums
    session_lifetime: timedelta
    issuer: str
    """Whose account it is, as an authenticator app shows it."""
    facebook_url: str
    uploads: httpx.AsyncClient
    """Of the facebook connector."""
    printing: asyncio.Semaphore
    """Workbooks and documents take processor time: so many at once, the others wait."""

    @property
    def snapshots(self) -> AsyncEngine:
        """The same pool; transactions that see one state of the data, however many statements they have."""
        return self.engine.execution_options(isolation_level="REPEATABLE READ")


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(parts_of)]


async def _reading(parts: Wired, caller: Signed) -> AsyncIterator[AsyncConnection]:
    async with seen_by(parts.snapshots, caller) as connection:
        yield connection


Snapshot = Annotated[AsyncConnection, Depends(_reading, scope="function")]
"""As ``Database``, for reading: all statements see one state of the data."""
