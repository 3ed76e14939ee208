"""Whose upload it is, where the form does not say so."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.errors import Invalid
from libs.http.signed import Caller
from services.connectors.facebook.store import choices

MOST = 500


async def only_client(connection: AsyncConnection, caller: Caller) -> UUID:
    """The only active client that the caller has. Raises 422, with the choices if they may be read."""
    found = await choices.active_clients(connection, MOST + 1)
    if len(found) == 1:
        return UUID(str(found[0]["client_id"]))
    told = [dict(row) for row in found[:MOST]] if caller.may("read") else []
    more = f": the choices are the first {MOST}" if len(found) > MOST else ""
    raise Invalid("client_id", f"say which client{more}" if found else "you have no client", choices=told)
