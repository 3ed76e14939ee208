"""What the routes work with, and who asks."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.auth import Tokens
from libs.http.access import Admin, Database, Signed, Uploading, seen_by
from libs.http.signed import Caller
from services.connectors.facebook import rules
from services.connectors.facebook.handlers import Desk
from services.connectors.facebook.store import standing

__all__ = ["Admin", "Database", "Parts", "Signed", "Uploading", "Wired", "hidden_from"]


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
        return seen_by(self.engine, caller)


async def hidden_from(connection: AsyncConnection, caller: Caller, client_id: int) -> frozenset[str]:
    """The sums of a client that the caller may not see."""
    shows_cost = caller.is_admin or await standing.shows_cost(connection, client_id)
    return rules.hidden_sums(shows_cost=shows_cost)


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves this request."""
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(parts_of)]
