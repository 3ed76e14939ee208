"""The audit log: who did what to what, from where. Every service that serves users writes it the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.http.audit import record
from libs.reading.lists import Paging

__all__ = ["page", "record"]

_COLUMNS = (
    "a.id, a.created_at, a.user_id, u.email AS user_email, a.action, a.entity, a.entity_id, "
    "a.old_values::text AS old_values, a.new_values::text AS new_values, host(a.ip) AS ip, a.user_agent, "
    "c.position, encode(c.hash, 'hex') AS hash"
)
_CLAUSES = {
    "user_id": "a.user_id = :user_id",
    "email": "a.user_id IN (SELECT id FROM users WHERE strpos(lower(email), lower(:email)) > 0)",
    "entity": "a.entity = :entity",
    "entity_id": "a.entity_id = :entity_id",
    "action": "a.action = :action",
    "since": "a.created_at >= :since",
    "until": "a.created_at < :until",
}
_ORDERS: dict[str, tuple[str, ...]] = {"created_at": (), "action": ("a.action",), "entity": ("a.entity",)}
"""What comes before the time."""


async def page(
    connection: AsyncConnection, filters: Mapping[str, Any], sort_by: str, paging: Paging
) -> tuple[int, Paging, Sequence[RowMapping]]:
    """How many lines there are, and a page of them; filters: those of _CLAUSES that are not None.

    ``old_values`` and ``new_values`` are JSON text, ``hash`` is hexadecimal.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    where = "WHERE " + " AND ".join(["true", *(_CLAUSES[name] for name in given)])
    way = "ASC" if paging.order == "asc" else "DESC"  # no column is null: with NULLS LAST no index would do
    order = ", ".join(f"{column} {way}" for column in (*_ORDERS[sort_by], "a.created_at", "a.id"))
    total = await connection.execute(text(f"SELECT count(*) FROM audit_logs a {where}"), given)
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM audit_logs a LEFT JOIN audit_chain c ON c.audit_id = a.id "
            f"LEFT JOIN users u ON u.id = a.user_id {where} ORDER BY {order} LIMIT :limit OFFSET :offset"
        ),
        {**given, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), paging, found.mappings().all()
