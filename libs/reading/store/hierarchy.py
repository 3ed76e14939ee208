"""Campaigns, strategies, placements, creatives: their names, and which belongs to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging

Level = Literal["campaign", "strategy", "placement", "creative"]
Entity = tuple[int, int]
"""client_id and key."""

TABLES: Mapping[Level, tuple[str, str]] = {
    "campaign": ("campaigns", "ca"),
    "strategy": ("strategies", "st"),
    "placement": ("placements", "pl"),
    "creative": ("creatives", "cr"),
}
_JOINS: Mapping[Level, str] = {
    "creative": "JOIN creatives cr ON cr.client_id = w.client_id AND cr.id = w.key ",
    "placement": "JOIN placements pl ON pl.client_id = w.client_id AND pl.id = {key} ",
    "strategy": "JOIN strategies st ON st.client_id = w.client_id AND st.id = {key} ",
    "campaign": "JOIN campaigns ca ON ca.client_id = w.client_id AND ca.id = {key} ",
}
UPWARDS: tuple[Level, ...] = ("creative", "placement", "strategy", "campaign")
_KEYS: Mapping[Level, str] = {
    "placement": "cr.placement_id",
    "strategy": "pl.strategy_id",
    "campaign": "st.campaign_id",
}
_WANTED = "unnest(CAST(:clients AS integer[]), CAST(:keys AS integer[])) AS w (client_id, key)"


async def campaign(connection: AsyncConnection, clients: Sequence[int], public_id: UUID) -> RowMapping | None:
    """A campaign (client_id, id, public_id, source, account, name) of these clients."""
    found = await connection.execute(
        text(
            "SELECT client_id, id, public_id, source, account, coalesce(label, name) AS name FROM campaigns "
            "WHERE client_id = ANY(:clients) AND public_id = :id"
        ),
        {"clients": list(clients), "id": public_id},
    )
    return found.mappings().first()


async def names(
    connection: AsyncConnection, level: Level, entities: Iterable[Entity]
) -> dict[Entity, dict[str, Any]]:
    """entity → source, and ``<level>_id`` and ``<level>_name`` of itself and of what it belongs to."""
    found = await connection.execute(
        text(f"SELECT w.client_id AS client_no, w.key, {_columns(level)} FROM {_WANTED} {_joins(level)}"),
        _wanted(entities),
    )
    return {
        (row["client_no"], row["key"]): {n: v for n, v in row.items() if n not in ("client_no", "key")}
        for row in found.mappings()
    }


async def names_below(connection: AsyncConnection, client: int) -> Sequence[RowMapping]:
    """Every creative of a client: its ``key``, ``campaign_key``, and what ``names`` says of it."""
    found = await connection.execute(
        text(
            f"SELECT w.key, ca.id AS campaign_key, {_columns('creative')} "
            "FROM (SELECT client_id, id AS key FROM creatives WHERE client_id = :client) w "
            f"{_joins('creative')}"
        ),
        {"client": client},
    )
    return found.mappings().all()


async def page_by_name(
    connection: AsyncConnection, level: Level, entities: Iterable[Entity], paging: Paging
) -> list[Entity]:
    """A page of these entities in the order of their names."""
    table, alias = TABLES[level]
    found = await connection.execute(
        text(
            f"SELECT w.client_id, w.key FROM {_WANTED} "
            f"JOIN {table} {alias} ON {alias}.client_id = w.client_id AND {alias}.id = w.key "
            f"ORDER BY lower(coalesce({alias}.label, {alias}.name)) {paging.sql('asc')}, w.client_id, w.key "
            "LIMIT :limit OFFSET :offset"
        ),
        {**_wanted(entities), "limit": paging.page_size, "offset": paging.offset},
    )
    return [(row[0], row[1]) for row in found]


async def named_like(
    connection: AsyncConnection, level: Level, clients: Sequence[int], name: str
) -> list[Entity]:
    """The entities of a level whose name contains this, whatever its case."""
    found = await connection.execute(
        text(
            f"SELECT client_id, id FROM {TABLES[level][0]} WHERE client_id = ANY(:clients) "
            "AND strpos(lower(coalesce(label, name)), lower(:name)) > 0"
        ),
        {"clients": list(clients), "name": name},
    )
    return [(row[0], row[1]) for row in found]


async def entities_of(
    connection: AsyncConnection, level: Level, client: int, public_ids: Iterable[str]
) -> dict[str, Entity]:
    """public id → entity."""
    found = await connection.execute(
        text(
            f"SELECT public_id::text, client_id, id FROM {TABLES[level][0]} "
            "WHERE client_id = :client AND public_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"client": client, "ids": list(public_ids)},
    )
    return {row[0]: (row[1], row[2]) for row in found}


def _wanted(entities: Iterable[Entity]) -> dict[str, list[int]]:
    pairs = list(entities)
    return {"clients": [client for client, _ in pairs], "keys": [key for _, key in pairs]}


def _from(level: Level) -> tuple[Level, ...]:
    return UPWARDS[UPWARDS.index(level) :]


def _joins(level: Level) -> str:
    joins = [_JOINS[each].format(key="w.key" if each == level else _KEYS.get(each)) for each in _from(level)]
    return "".join([*joins, "JOIN clients c ON c.id = w.client_id"])


def _columns(level: Level) -> str:
    columns = [
        f"{alias}.public_id AS {each}_id, coalesce({alias}.label, {alias}.name) AS {each}_name"
        for each in _from(level)
        for alias in [TABLES[each][1]]
    ]
    preview = ["cr.preview_url"] if level == "creative" else []
    return ", ".join([*columns, *preview, "ca.source", "c.public_id AS client_id"])
