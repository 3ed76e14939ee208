"""How each source of a client is read, and the credentials for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

COLUMNS = (
    "enabled",
    "bucket",
    "prefix",
    "file_pattern",
    "parts",
    "due_by",
    "default_campaign",
    "column_map",
    "date_format",
    "timezone",
    "settling_days",
    "advertiser_id",
    "strict",
    "max_bad_share",
    "max_shrink_share",
)


async def one(connection: AsyncConnection, client: int, source: str) -> RowMapping | None:
    """The settings of a source."""
    found = await connection.execute(
        text(
            f"SELECT {', '.join(COLUMNS)}, created_at, updated_at FROM source_settings "
            "WHERE client_id = :client AND source = :source"
        ),
        {"client": client, "source": source},
    )
    return found.mappings().first()


async def put(connection: AsyncConnection, client: int, source: str, values: dict[str, Any]) -> None:
    """Replace the settings of a source; takes COLUMNS, column_map as JSON text."""
    placed = ", ".join(
        "CAST(:column_map AS jsonb)" if name == "column_map" else f":{name}" for name in COLUMNS
    )
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
    await connection.execute(
        text(
            f"INSERT INTO source_settings (client_id, source, {', '.join(COLUMNS)}) "
            f"VALUES (:client, :source, {placed}) ON CONFLICT (client_id, source) DO UPDATE SET {updates}"
        ),
        {**values, "client": client, "source": source},
    )


async def credentials(connection: AsyncConnection, client: int) -> RowMapping | None:
    """What may be told of Vibe's credentials: never a secret."""
    found = await connection.execute(
        text(
            "SELECT advertiser_id, oauth_id, is_active, api_key IS NOT NULL AS has_api_key, "
            "oauth_secret IS NOT NULL AS has_oauth_secret, updated_at FROM vibe_credentials "
            "WHERE client_id = :client"
        ),
        {"client": client},
    )
    return found.mappings().first()


async def put_credentials(connection: AsyncConnection, client: int, values: dict[str, Any]) -> None:
    """Replace Vibe's credentials; takes api_key, oauth_id, oauth_secret (sealed), advertiser_id."""
    await connection.execute(
        text(
            """
            INSERT INTO vibe_credentials
                (client_id, api_key, oauth_id, oauth_secret, advertiser_id, is_active)
            VALUES (:client, :api_key, :oauth_id, :oauth_secret, :advertiser_id, :is_active)
            ON CONFLICT (client_id) DO UPDATE SET
                api_key = excluded.api_key, oauth_id = excluded.oauth_id,
                oauth_secret = excluded.oauth_secret, advertiser_id = excluded.advertiser_id,
                is_active = excluded.is_active
            """
        ),
        {**values, "client": client},
    )
