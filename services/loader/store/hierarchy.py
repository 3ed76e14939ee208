"""Names become keys: campaign → strategy → placement → creative, made where they are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.engine import driver

Path = tuple[str, str, str, str]
"""Names of campaign, strategy, placement and creative."""

_PARENTS = {"strategies": "campaign_id", "placements": "strategy_id", "creatives": "placement_id"}


async def epoch(connection: AsyncConnection, client_id: int) -> int:
    """Raised by every deletion: keys resolved before are stale."""
    found = await connection.execute(
        text("SELECT epoch FROM hierarchy_counters WHERE client_id = :client"), {"client": client_id}
    )
    return int(found.scalar_one_or_none() or 0)


async def known_paths(
    connection: AsyncConnection, client_id: int, source: str, account: str
) -> dict[Path, int]:
    """Every creative of a client's source and account, by its four names."""
    raw = await driver(connection)
    rows = await raw.fetch(
        "SELECT ca.name, st.name, pl.name, cr.name, cr.id FROM creatives cr "
        "JOIN placements pl ON pl.client_id = cr.client_id AND pl.id = cr.placement_id "
        "JOIN strategies st ON st.client_id = pl.client_id AND st.id = pl.strategy_id "
        "JOIN campaigns ca ON ca.client_id = st.client_id AND ca.id = st.campaign_id "
        "WHERE cr.client_id = $1 AND ca.source = $2 AND ca.account = $3",
        client_id,
        source,
        account,
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


async def creatives_of(
    connection: AsyncConnection, client_id: int, source: str, account: str
) -> tuple[int, ...] | None:
    """Creatives of a source and account; None when the client has no others, which is the usual case."""
    others = await connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM campaigns WHERE client_id = :client "
            "AND (source, account) <> (:source, :account))"
        ),
        {"client": client_id, "source": source, "account": account},
    )
    if not others.scalar_one():
        return None
    rows = await connection.execute(
        text(
            "SELECT cr.id FROM creatives cr "
            "JOIN placements pl ON pl.client_id = cr.client_id AND pl.id = cr.placement_id "
            "JOIN strategies st ON st.client_id = pl.client_id AND st.id = pl.strategy_id "
            "JOIN campaigns ca ON ca.client_id = st.client_id AND ca.id = st.campaign_id "
            "WHERE cr.client_id = :client AND ca.source = :source AND ca.account = :account"
        ),
        {"client": client_id, "source": source, "account": account},
    )
    return tuple(rows.scalars())


async def create(
    connection: AsyncConnection, client_id: int, source: str, account: str, paths: Collection[Path]
) -> dict[Path, int]:
    """Creative ids of these paths; what is missing is made. One transaction per client at a time."""
    await _lock_counters(connection, client_id)
    names = {path[0] for path in paths}
    campaigns = await _campaigns(connection, client_id, source, account, sorted(names))
    strategies = await _level(connection, client_id, "strategies", {(campaigns[p[0]], p[1]) for p in paths})
    placements = await _level(
        connection, client_id, "placements", {(strategies[campaigns[p[0]], p[1]], p[2]) for p in paths}
    )
    parent = {p: placements[strategies[campaigns[p[0]], p[1]], p[2]] for p in paths}
    creatives = await _level(connection, client_id, "creatives", {(parent[p], p[3]) for p in paths})
    return {p: creatives[parent[p], p[3]] for p in paths}


async def _lock_counters(connection: AsyncConnection, client_id: int) -> None:
    """Whoever holds this row gives out the client's ids; what others made is seen after it."""
    await connection.execute(
        text("INSERT INTO hierarchy_counters (client_id) VALUES (:client) ON CONFLICT DO NOTHING"),
        {"client": client_id},
    )
    await connection.execute(
        text("SELECT FROM hierarchy_counters WHERE client_id = :client FOR UPDATE"), {"client": client_id}
    )


async def _campaigns(
    connection: AsyncConnection, client_id: int, source: str, account: str, names: Sequence[str]
) -> dict[str, int]:
    raw = await driver(connection)
    rows = await raw.fetch(
        "SELECT name, id FROM campaigns WHERE client_id = $1 AND source = $2 AND account = $3 "
        "AND name = ANY($4::text[])",
        client_id,
        source,
        account,
        names,
    )
    found: dict[str, int] = {row["name"]: row["id"] for row in rows}
    missing = [name for name in names if name not in found]
    if missing:
        first = await _next_ids(connection, client_id, "campaigns", len(missing))
        made = [(client_id, first + i, source, account, name) for i, name in enumerate(missing)]
        await raw.copy_records_to_table(
            "campaigns", records=made, columns=["client_id", "id", "source", "account", "name"]
        )
        found |= {record[4]: record[1] for record in made}
    return found


async def _level(
    connection: AsyncConnection, client_id: int, table: str, keys: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """(parent, name) → id of a level below the campaign."""
    wanted = sorted(keys)
    parent = _PARENTS[table]
    raw = await driver(connection)
    rows = await raw.fetch(
        f"SELECT {parent}, name, id FROM unnest($2::integer[], $3::text[]) AS wanted ({parent}, name) "
        f"JOIN {table} USING ({parent}, name) WHERE client_id = $1",
        client_id,
        [key[0] for key in wanted],
        [key[1] for key in wanted],
    )
    found: dict[tuple[int, str], int] = {(row[0], row[1]): row[2] for row in rows}
    missing = [key for key in wanted if key not in found]
    if missing:
        first = await _next_ids(connection, client_id, table, len(missing))
        made = [(client_id, first + i, key[0], key[1]) for i, key in enumerate(missing)]
        await raw.copy_records_to_table(table, records=made, columns=["client_id", "id", parent, "name"])
        found |= {(record[2], record[3]): record[1] for record in made}
    return found


async def _next_ids(connection: AsyncConnection, client_id: int, table: str, count: int) -> int:
    """The first of ``count`` ids, dense per client."""
    found = await connection.execute(
        text(
            f"UPDATE hierarchy_counters SET {table} = {table} + :count WHERE client_id = :client "
            f"RETURNING {table} - :count + 1"
        ),
        {"client": client_id, "count": count},
    )
    return int(found.scalar_one())


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

    ``kept``: creatives of displaced rows, which an undo may bring back.
    """
    await _lock_counters(connection, client_id)
    found = await connection.execute(
        text(
            "DELETE FROM creatives c WHERE client_id = :client AND label IS NULL AND preview_url IS NULL "
            "AND NOT (c.id = ANY(:kept)) AND NOT EXISTS (SELECT FROM daily_metrics d "
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
    await _lock_counters(connection, client_id)
    await connection.execute(
        text(f"DELETE FROM {level.table} WHERE client_id = :client AND id = :id"),
        {"client": client_id, "id": level.id},
    )
    await connection.execute(
        text("UPDATE hierarchy_counters SET epoch = epoch + 1 WHERE client_id = :client"),
        {"client": client_id},
    )
