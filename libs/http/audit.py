"""The audit log: who did what to what, from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.answers import exact_json


async def record(  # noqa: PLR0913 - the columns of the table
    connection: AsyncConnection,
    action: str,
    entity: str,
    entity_id: object,
    *,
    user_id: UUID | None,
    ip: str | None,
    user_agent: str | None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """One line, in the transaction of what it tells of. Secrets never belong into ``old`` or ``new``."""
    await connection.execute(
        text(
            "INSERT INTO audit_logs "
            "(user_id, action, entity, entity_id, old_values, new_values, ip, user_agent) VALUES ("
            ":user_id, :action, :entity, :entity_id, CAST(:old AS jsonb), CAST(:new AS jsonb), "
            "CAST(:ip AS inet), :user_agent)"
        ),
        {
            "user_id": user_id,
            "action": action,
            "entity": entity,
            "entity_id": None if entity_id is None else str(entity_id),
            "old": _json(old),
            "new": _json(new),
            "ip": ip,
            "user_agent": user_agent,
        },
    )


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else exact_json(dict(values)).decode()
