"""Names become keys: campaign → strategy → placement → creative, made where they are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import LEVELS
from libs.db.engine import driver
from services.loader.frames.paths import Path

_PARENTS = {"strategies": "campaign_id", "placements": "strategy_id", "creatives": "placement_id"}


async def epoch(connection: AsyncConnection, client_id: int) -> int:
    """Raised by every deletion: keys resolved before are stale."""
    found = await connection.execute(
        text("SELECT epoch FROM hierarchy_counters WHERE client_id = :client"), {"client": client_id}
    )
    return int(found.scalar_one_or_none() or 0)


async def known_paths(connection: AsyncConnection, client_id: int, source: str, account: str) -> pl.DataFrame:
    """Every creative of a client's source and account: ``id`` and its names (LEVELS)."""
    return await _paths(connection, "source = $2 AND account = $3", client_id, source, account)


async def names_of(connection: AsyncConnection, client_id: int, creatives: Sequence[int]) -> pl.DataFrame:
    """``id`` and names (LEVELS) of some creatives."""
    paths = await _paths(connection, "true", client_id)
    return paths.filter(pl.col("id").is_in(list(creatives)))


async def _paths(
    connection: AsyncConnection, campaigns: str, client_id: int, *arguments: object
) -> pl.DataFrame:
    """Level by level: joined in SQL, a hierarchy of which PostgreSQL has no statistics yet took minutes."""
    raw = await driver(connection)
    where = f"campaigns WHERE client_id = $1 AND {campaigns}"
    rows = await raw.fetch(f"SELECT id, name FROM {where}", client_id, *arguments)
    schema: dict[str, pl.DataType | type[pl.DataType]] = {"id": pl.Int32, LEVELS[0]: pl.String}
    found = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    for level, (table, parent) in zip(LEVELS[1:], _PARENTS.items(), strict=True):
        rows = await raw.fetch(f"SELECT id, {parent}, name FROM {table} WHERE client_id = $1", client_id)
        schema = {"id": pl.Int32, parent: pl.Int32, level: pl.String}
        below = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
        found = below.join(found.rename({"id": parent}), on=parent).drop(parent)
    return found.select("id", *LEVELS)


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
    await lock_counters(connection, client_id)
    names = {path[0] for path in paths}
    campaigns = await _campaigns(connection, client_id, source, account, sorted(names))
    strategies = await _level(connection, client_id, "strategies", {(campaigns[p[0]], p[1]) for p in paths})
    placements = await _level(
        connection, client_id, "placements", {(strategies[campaigns[p[0]], p[1]], p[2]) for p in paths}
    )
    parent = {p: placements[strategies[campaigns[p[0]], p[1]], p[2]] for p in paths}
    creatives = await _level(connection, client_id, "creatives", {(parent[p], p[3]) for p in paths})
    return {p: creatives[parent[p], p[3]] for p in paths}


async def lock_counters(connection: AsyncConnection, client_id: int) -> None:
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
