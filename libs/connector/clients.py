"""Clients and their settings for a source, from the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, TextualSelect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.connector.account import Client, SourceSettings
from libs.errors import Terminal

_SELECT = """
SELECT c.id, c.public_id, c.name, c.status, coalesce(s.timezone, c.timezone) AS account_timezone,
       coalesce(s.enabled, false) AS enabled, s.bucket, s.prefix, s.file_pattern,
       coalesce(s.parts, 'latest') AS parts,
       coalesce(s.due_by, '12:00') AS due_by, s.default_campaign, coalesce(s.column_map, '{}') AS column_map,
       s.date_format, s.timezone, s.settling_days, s.advertiser_id, coalesce(s.strict, false) AS strict,
       coalesce(s.max_bad_share, 0.5) AS max_bad_share
FROM clients c LEFT JOIN source_settings s ON s.client_id = c.id AND s.source = :source
"""


async def client_named(connection: AsyncConnection, source: Source, public_id: UUID) -> Client:
    """A client, enabled for the source or not. Raises Terminal when there is none with that id."""
    found = await connection.execute(
        _select("WHERE c.public_id = :public_id"), {"source": source, "public_id": public_id}
    )
    row = found.mappings().one_or_none()
    if row is None:
        raise Terminal(f"There is no client {public_id}")
    return _client(row)


async def pulled_clients(connection: AsyncConnection, source: Source) -> list[Client]:
    """The active clients that are enabled for a source, by id."""
    found = await connection.execute(
        _select("WHERE c.status = 'active' AND s.enabled ORDER BY c.id"), {"source": source}
    )
    return [_client(row) for row in found.mappings()]


def _select(where: str) -> TextualSelect:
    return text(_SELECT + where).columns(column_map=JSONB)


def _client(row: RowMapping) -> Client:
    settings: dict[str, Any] = {name: row[name] for name in SourceSettings.__dataclass_fields__}
    return Client(
        row["id"],
        row["public_id"],
        row["name"],
        row["status"],
        row["account_timezone"],
        SourceSettings(**settings),
    )
