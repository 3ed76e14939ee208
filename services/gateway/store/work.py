"""Work that is asked for: announced in the caller's transaction, and looked up later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Message
from libs.bus import outbox
from libs.observability import current_correlation_id


async def ask(connection: AsyncConnection, key: str, message: Message) -> dict[str, Any]:
    """Announce a message; returns what was queued, for the answer."""
    await outbox.put(connection, "gateway", key, message)
    return {
        "queued": key,
        "message": message.model_dump(mode="json", exclude_none=True),
        "correlation_id": current_correlation_id(),
    }


async def enabled_clients(connection: AsyncConnection, source: str) -> Sequence[RowMapping]:
    """The active clients that are enabled for a source."""
    found = await connection.execute(
        text(
            """
            SELECT c.id, c.public_id, c.name, c.timezone
            FROM clients c JOIN source_settings s ON s.client_id = c.id
            WHERE c.status = 'active' AND s.enabled AND s.source = :source ORDER BY lower(c.name)
            """
        ),
        {"source": source},
    )
    return found.mappings().all()


async def waiting(connection: AsyncConnection) -> Sequence[RowMapping]:
    """The outbox by service: how many messages wait, and since when."""
    found = await connection.execute(
        text(
            "SELECT service, count(*) AS messages, min(created_at) AS oldest FROM outbox "
            "GROUP BY 1 ORDER BY 1"
        )
    )
    return found.mappings().all()
