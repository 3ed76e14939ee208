"""Whose turn it is, and the version of a client's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.errors import Terminal


class UnknownClient(Terminal):
    """There is no client with this id."""


@dataclass(frozen=True)
class Client:
    """A client whose refresh has the turn."""

    id: int
    public_id: UUID
    settings: Mapping[str, Any]


async def take_turn(connection: AsyncConnection, public_id: UUID) -> Client:
    """Wait for the lock of a client's refreshes, then read the client. Must be the first read.

    Whoever commits next to it has announced a refresh of its own: what is read under the lock is never older
    than what was announced by the message at hand.
    """
    client_id = await connection.scalar(
        text("SELECT id FROM clients WHERE public_id = :public_id"), {"public_id": public_id}
    )
    if client_id is None:
        raise UnknownClient(f"there is no client {public_id}")
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('refresh'), :client)"), {"client": client_id}
    )
    settings = await connection.scalar(
        text("SELECT settings FROM clients WHERE id = :client"), {"client": client_id}
    )
    return Client(client_id, public_id, settings or {})


async def public_ids(connection: AsyncConnection) -> list[UUID]:
    """All clients, disabled ones included: their numbers stay."""
    return list(await connection.scalars(text("SELECT public_id FROM clients ORDER BY id")))


async def bounds(connection: AsyncConnection, public_id: UUID) -> tuple[date, date] | None:
    """The first and last day of a client that has facts or a block; None: no day has."""
    found = (
        await connection.execute(
            text(
                "SELECT least(f.first, b.first) AS first, greatest(f.last, b.last) AS last "
                "FROM clients c, "
                "LATERAL (SELECT min(date) AS first, max(date) AS last FROM daily_metrics "
                "         WHERE client_id = c.id) f, "
                "LATERAL (SELECT min(start_date) AS first, max(start_date) AS last FROM rollup_blocks "
                "         WHERE client_id = c.id AND period = 'day') b "
                "WHERE c.public_id = :public_id"
            ),
            {"public_id": public_id},
        )
    ).one_or_none()
    if found is None:
        raise UnknownClient(f"there is no client {public_id}")
    return None if found.first is None else (found.first, found.last)


async def bump_version(connection: AsyncConnection, client_id: int) -> int:
    """The next version of a client's data: what caches were made from before is old now."""
    version = await connection.scalar(
        text(
            "INSERT INTO data_versions (client_id, version) VALUES (:client, 1) ON CONFLICT (client_id) "
            "DO UPDATE SET version = data_versions.version + 1, updated_at = now() RETURNING version"
        ),
        {"client": client_id},
    )
    return int(version)
