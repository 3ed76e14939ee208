"""Levels that go: deleted by people, or cleaned up because nothing is left of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.loader.store.hierarchy import lock_counters


@dataclass(frozen=True)
class Level:
    """A campaign, strategy, placement or creative, with the creatives below it."""

    table: str
    id: int
    source: str
    account: str
    creatives: list[int]


async def find_level(
    connection: AsyncConnection, client_id: int, table: str, public_id: UUID
) -> Level | None:
    """A level by the UUID that people know; None if it is gone."""
    level = {"campaigns": "ca", "strategies": "st", "placements": "pl", "creatives": "cr"}[table]
    rows = (
        await connection.execute(
            text(
                f"SELECT {level}.id, ca.source, ca.account, cr.id AS creative_id FROM campaigns ca "
                "LEFT JOIN strategies st ON st.client_id = ca.client_id AND st.campaign_id = ca.id "
                "LEFT JOIN placements pl ON pl.client_id = st.client_id AND pl.strategy_id = st.id "
                "LEFT JOIN creatives cr ON cr.client_id = pl.client_id AND cr.placement_id = pl.id "
                f"WHERE ca.client_id = :client AND {level}.public_id = :id"
            ),
            {"client": client_id, "id": public_id},
        )
    ).all()
    if not rows:
        return None
    creatives = [row.creative_id for row in rows if row.creative_id is not None]
    return Level(table, rows[0].id, rows[0].source, rows[0].account, creatives)


async def take_levels(connection: AsyncConnection, client_id: int) -> None:
    """Wait until nobody stages a batch of the client with keys that it looked up before; then nobody does."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('levels'), :client)"), {"client": client_id}
    )


async def clean_later(connection: AsyncConnection, client_id: int) -> None:
    """Rows were removed: some levels may have none left."""
    await connection.execute(
        text("UPDATE hierarchy_counters SET to_clean = true WHERE client_id = :client AND NOT to_clean"),
        {"client": client_id},
    )


async def clients_to_clean(connection: AsyncConnection) -> list[int]:
    """Clients of which rows were removed, and of which no run is under way; each once a day at most."""
    rows = await connection.execute(
        text(
            "SELECT client_id FROM hierarchy_counters h WHERE to_clean "
            "AND coalesce(cleaned_at < now() - interval '1 day', true) AND NOT EXISTS "
            "(SELECT FROM ingestion_logs l WHERE l.client_id = h.client_id "
            "AND l.status IN ('running', 'stalled', 'held'))"
        )
    )
    return list(rows.scalars())


async def clean(connection: AsyncConnection, client_id: int, kept: Collection[int]) -> int:
    """Delete levels that nobody edited and that have no rows left; returns how many creatives.

    ``kept``: creatives of displaced rows, which an undo may bring back, and of batches that wait.
    """
    await lock_counters(connection, client_id)
    found = await connection.execute(
        text(
            "DELETE FROM creatives c WHERE client_id = :client AND label IS NULL AND preview_url IS NULL "
            "AND NOT EXISTS (SELECT FROM unnest(cast(:kept AS integer[])) AS k (id) WHERE k.id = c.id) "
            "AND NOT EXISTS (SELECT FROM daily_metrics d "
            "WHERE d.client_id = c.client_id AND d.creative_id = c.id)"
        ),
        {"client": client_id, "kept": list(kept)},
    )
    for table, below, parent in (
        ("placements", "creatives", "placement_id"),
        ("strategies", "placements", "strategy_id"),
        ("campaigns", "strategies", "campaign_id"),
    ):
        await connection.execute(
            text(
                f"DELETE FROM {table} t WHERE client_id = :client AND label IS NULL AND NOT EXISTS "
                f"(SELECT FROM {below} b WHERE b.client_id = t.client_id AND b.{parent} = t.id)"
            ),
            {"client": client_id},
        )
    await connection.execute(
        text(
            "UPDATE hierarchy_counters SET to_clean = :again, cleaned_at = now(), epoch = epoch + 1 "
            "WHERE client_id = :client"
        ),
        {"client": client_id, "again": bool(kept)},
    )
    return found.rowcount


async def delete_level(connection: AsyncConnection, client_id: int, level: Level) -> None:
    """Delete a level and what hangs below it; keys that were resolved before are stale from here on."""
    await lock_counters(connection, client_id)
    await connection.execute(
        text(f"DELETE FROM {level.table} WHERE client_id = :client AND id = :id"),
        {"client": client_id, "id": level.id},
    )
    await connection.execute(
        text("UPDATE hierarchy_counters SET epoch = epoch + 1 WHERE client_id = :client"),
        {"client": client_id},
    )
