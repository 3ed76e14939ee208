"""One level of the hierarchy at a time: what there is, what hangs where, and what people change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging
from libs.reading.store.hierarchy import TABLES, UPWARDS, Entity, Level

PARENT: Mapping[Level, Level] = dict(pairwise(UPWARDS))
_BELOW: Mapping[Level, Level] = {above: below for below, above in PARENT.items()}


@dataclass(frozen=True)
class Which:
    """Which entities of a level: of these clients, perhaps of one source, below one entity, with a name."""

    clients: Sequence[int]
    source: str | None = None
    name: str | None = None
    above: tuple[Level, int] | None = None

    def where(self, level: Level) -> str:
        """The condition, for a statement over ``_from(level)``."""
        alias = TABLES[level][1]
        below = f" AND {TABLES[self.above[0]][1]}.id = :above" if self.above else ""
        return (
            f"WHERE {alias}.client_id = ANY(:clients) "
            "AND (CAST(:source AS text) IS NULL OR ca.source = :source) "
            f"AND (CAST(:name AS text) IS NULL OR strpos(lower({_shown(alias)}), lower(:name)) > 0){below}"
        )

    def values(self) -> dict[str, Any]:
        """Parameters of a statement."""
        above = {"above": self.above[1]} if self.above else {}
        return {"clients": list(self.clients), "source": self.source, "name": self.name, **above}


async def one(connection: AsyncConnection, level: Level, public_id: UUID) -> RowMapping | None:
    """An entity that the transaction sees, with what it belongs to.

    client_id, client_public_id, key, campaign_key, source, account, source_name, name, campaign_name,
    <level>_id of itself and of those above, created_at, updated_at.
    """
    alias = TABLES[level][1]
    ids = ", ".join(f"{TABLES[each][1]}.public_id AS {each}_id" for each in _upwards(level))
    found = await connection.execute(
        text(
            f"SELECT {alias}.client_id, {alias}.id AS key, ca.id AS campaign_key, ca.source, ca.account, "
            f"{alias}.name AS source_name, {_shown(alias)} AS name, {ids}, {_shown('ca')} AS campaign_name, "
            f"(SELECT public_id FROM clients c WHERE c.id = {alias}.client_id) AS client_public_id, "
            f"{alias}.created_at, {alias}.updated_at FROM {_from(level)} "
            f"WHERE {alias}.client_id = ANY(ARRAY(SELECT id FROM clients)) AND {alias}.public_id = :id"
        ),
        {"id": public_id},
    )
    return found.mappings().first()


async def page(
    connection: AsyncConnection, level: Level, which: Which, paging: Paging
) -> tuple[int, list[Entity]]:
    """How many there are, and a page of them in the order of their names."""
    alias, values = TABLES[level][1], which.values()
    total = await connection.execute(
        text(f"SELECT count(*) FROM {_from(level)} {which.where(level)}"), values
    )
    found = await connection.execute(
        text(
            f"SELECT {alias}.client_id, {alias}.id FROM {_from(level)} {which.where(level)} "
            f"ORDER BY lower({_shown(alias)}) {paging.sql('asc')}, {alias}.client_id, {alias}.id "
            "LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), [(row[0], row[1]) for row in found]


async def keys(connection: AsyncConnection, level: Level, which: Which) -> list[tuple[int, bytes]]:
    """All of them: for each client its integer keys, big-endian, in one byte string."""
    alias = TABLES[level][1]
    found = await connection.execute(
        text(
            f"SELECT {alias}.client_id, string_agg(int4send({alias}.id), ''::bytea ORDER BY {alias}.id) "
            f"FROM {_from(level)} {which.where(level)} GROUP BY 1 ORDER BY 1"
        ),
        which.values(),
    )
    return [(row[0], bytes(row[1])) for row in found]


async def count_below(connection: AsyncConnection, level: Level, client: int, key: int) -> int:
    """How many entities hang directly below one."""
    table = TABLES[_BELOW[level]][0]
    found = await connection.execute(
        text(f"SELECT count(*) FROM {table} WHERE client_id = :client AND {level}_id = :key"),
        {"client": client, "key": key},
    )
    return int(found.scalar_one())


async def below(
    connection: AsyncConnection, level: Level, client: int, campaign: int, limit: int
) -> Sequence[RowMapping]:
    """A campaign's entities of a level below it: key, parent, id, name (and preview_url), by name."""
    alias = TABLES[level][1]
    preview = ", cr.preview_url" if level == "creative" else ""
    found = await connection.execute(
        text(
            f"SELECT {alias}.id AS key, {alias}.{PARENT[level]}_id AS parent, {alias}.public_id AS id, "
            f"{_shown(alias)} AS name{preview} FROM {_from(level)} "
            f"WHERE {alias}.client_id = :client AND ca.id = :campaign "
            f"ORDER BY lower({_shown(alias)}), {alias}.id LIMIT :limit"
        ),
        {"client": client, "campaign": campaign, "limit": limit},
    )
    return found.mappings().all()


async def rows_of(connection: AsyncConnection, level: Level, client: int, key: int) -> RowMapping:
    """How many rows of metrics there are below an entity: rows, first_day, last_day."""
    found = await connection.execute(
        text(
            "SELECT count(*) AS rows, min(d.date) AS first_day, max(d.date) AS last_day "
            "FROM daily_metrics d WHERE d.client_id = :client AND d.creative_id IN ("
            f"SELECT cr.id FROM {_from('creative')} "
            f"WHERE cr.client_id = :client AND {TABLES[level][1]}.id = :key)"
        ),
        {"client": client, "key": key},
    )
    return found.mappings().one()


async def take_turn(connection: AsyncConnection, client: int) -> None:
    """Whoever holds this row gives out the client's keys, as the loader does: what others made is seen."""
    await connection.execute(
        text("INSERT INTO hierarchy_counters (client_id) VALUES (:client) ON CONFLICT DO NOTHING"),
        {"client": client},
    )
    await connection.execute(
        text("SELECT FROM hierarchy_counters WHERE client_id = :client FOR UPDATE"), {"client": client}
    )


async def siblings_of(connection: AsyncConnection, level: Level, client: int, key: int) -> dict[str, Any]:
    """The columns that an entity shares with its siblings, and their values."""
    columns = (
        ("client_id", "source", "account") if level == "campaign" else ("client_id", f"{PARENT[level]}_id")
    )
    found = await connection.execute(
        text(f"SELECT {', '.join(columns)} FROM {TABLES[level][0]} WHERE client_id = :client AND id = :key"),
        {"client": client, "key": key},
    )
    return dict(found.mappings().one())


async def name_is_taken(
    connection: AsyncConnection, level: Level, siblings: Mapping[str, Any], name: str, but: int = 0
) -> bool:
    """Whether a sibling is called so, by its source or by people; ``siblings``: columns that they share."""
    table = TABLES[level][0]
    shared = " AND ".join(f"{column} = :{column}" for column in siblings)
    found = await connection.execute(
        text(
            f"SELECT EXISTS (SELECT FROM {table} WHERE {shared} AND id <> :but "
            "AND (name = :name OR label = :name))"
        ),
        {**siblings, "name": name, "but": but},
    )
    return bool(found.scalar_one())


async def add(connection: AsyncConnection, level: Level, values: Mapping[str, Any]) -> UUID:
    """Make an entity; ``values``: its columns, client_id among them. The turn must be taken before.

    Its label is set, too: what people made is not cleaned up for having no rows.
    """
    table = TABLES[level][0]
    key = await connection.execute(
        text(
            f"UPDATE hierarchy_counters SET {table} = {table} + 1 WHERE client_id = :client RETURNING {table}"
        ),
        {"client": values["client_id"]},
    )
    columns = {**values, "id": key.scalar_one(), "label": values["name"]}
    placed = ", ".join(f":{name}" for name in columns)
    found = await connection.execute(
        text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({placed}) RETURNING public_id"), columns
    )
    return UUID(str(found.scalar_one()))


async def change(
    connection: AsyncConnection, level: Level, client: int, key: int, values: Mapping[str, Any]
) -> None:
    """Set the label or the preview_url of an entity."""
    placed = ", ".join(f"{name} = :{name}" for name in values)
    await connection.execute(
        text(f"UPDATE {TABLES[level][0]} SET {placed} WHERE client_id = :client AND id = :key"),
        {**values, "client": client, "key": key},
    )


def _shown(alias: str) -> str:
    return f"coalesce({alias}.label, {alias}.name)"


def _upwards(level: Level) -> tuple[Level, ...]:
    return UPWARDS[UPWARDS.index(level) :]


def _from(level: Level) -> str:
    """A level's table with those above it."""
    table, alias = TABLES[level]
    joins = [f"{table} {alias}"]
    for each in _upwards(level)[1:]:
        above, its = TABLES[each]
        joins.append(
            f"JOIN {above} {its} ON {its}.client_id = {alias}.client_id AND {its}.id = {alias}.{each}_id"
        )
        alias = its
    return " ".join(joins)
