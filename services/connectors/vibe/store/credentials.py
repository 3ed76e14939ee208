"""A client's own credentials, sealed as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Sealed:
    """An active row of vibe_credentials."""

    advertiser_id: str
    api_key: bytes | None
    oauth_id: str | None
    oauth_secret: bytes | None


async def of_client(connection: AsyncConnection, client_id: int) -> Sealed | None:
    """The client's own, if they are active."""
    found = await connection.execute(
        text(
            "SELECT advertiser_id, api_key, oauth_id, oauth_secret FROM vibe_credentials "
            "WHERE client_id = :client AND is_active"
        ),
        {"client": client_id},
    )
    row = found.one_or_none()
    return None if row is None else Sealed(*row)


async def others_advertisers(connection: AsyncConnection, client_id: int) -> dict[str, str]:
    """Advertiser ids of all other clients, disabled ones too: id → the client's name."""
    found = await connection.execute(
        text(
            "SELECT a.advertiser_id, c.name FROM clients c JOIN ("
            "SELECT client_id, advertiser_id FROM source_settings WHERE source = 'vibe' "
            "UNION SELECT client_id, advertiser_id FROM vibe_credentials) a ON a.client_id = c.id "
            "WHERE c.id <> :client AND a.advertiser_id IS NOT NULL "
            "AND a.advertiser_id NOT IN (SELECT advertiser_id FROM source_settings WHERE client_id = :client "
            "AND source = 'vibe' AND advertiser_id IS NOT NULL "
            "UNION SELECT advertiser_id FROM vibe_credentials WHERE client_id = :client)"
        ),
        {"client": client_id},
    )
    return {row.advertiser_id: row.name for row in found}


async def other_reader(connection: AsyncConnection, client_id: int, advertiser_id: str) -> str | None:
    """The name of another active client that would read the same advertiser."""
    found = await connection.execute(
        text(
            "SELECT c.name FROM clients c "
            "JOIN source_settings s ON s.client_id = c.id AND s.source = 'vibe' AND s.enabled "
            "LEFT JOIN vibe_credentials v ON v.client_id = c.id AND v.is_active "
            "WHERE c.id <> :client AND c.status = 'active' "
            "AND coalesce(v.advertiser_id, s.advertiser_id) = :advertiser ORDER BY c.id LIMIT 1"
        ),
        {"client": client_id, "advertiser": advertiser_id},
    )
    name: str | None = found.scalar_one_or_none()
    return name
