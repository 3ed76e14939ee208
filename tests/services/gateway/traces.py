"""What a request left behind: messages in the outbox, lines in the audit log."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import asyncpg

Owner: TypeAlias = "asyncpg.Connection[Any]"


async def outbox(owner: Owner, answer: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What a request put into the outbox."""
    rows = await owner.fetch(
        "SELECT routing_key, body FROM outbox WHERE service = 'gateway' AND correlation_id = $1",
        answer["correlation_id"],
    )
    return [(row["routing_key"], json.loads(row["body"])) for row in rows]


async def audited(owner: Owner, entity: object) -> list[asyncpg.Record]:
    """The lines about an entity, in order."""
    return list(await owner.fetch("SELECT * FROM audit_logs WHERE entity_id = $1 ORDER BY id", str(entity)))


async def messages_about(owner: Owner, client: object) -> int:
    """How many messages wait that name a client."""
    about = f"%{client}%".encode()
    return int(await owner.fetchval("SELECT count(*) FROM outbox WHERE body LIKE $1", about))
