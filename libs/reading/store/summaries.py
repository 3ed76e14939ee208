"""The weekly and monthly summaries that the aggregator keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.reading.lists import Paging
from libs.reading.ranges import Range

_JSON = ("sums", "ratios", "deltas", "top_campaigns", "top_creatives", "underperformers")
_COLUMNS = ", ".join(f"{name}::text AS {name}" for name in _JSON)
_TABLES: Mapping[str, tuple[str, str, str]] = {
    "week": ("weekly_summaries", "week_start", "week_end"),
    "month": ("monthly_summaries", "month_start", "month_end"),
}


async def latest(
    connection: AsyncConnection, client: int, period: Literal["week", "month"], day: date
) -> dict[str, Any] | None:
    """The newest summary whose period began on or before a day, with exact numbers."""
    table, start, end = _TABLES[period]
    found = await connection.execute(
        text(
            f"SELECT {start}, {end}, {_COLUMNS}, updated_at FROM {table} "
            f"WHERE client_id = :client AND {start} <= :day ORDER BY {start} DESC LIMIT 1"
        ),
        {"client": client, "day": day},
    )
    row = found.mappings().first()
    return None if row is None else _told(row)


async def page(
    connection: AsyncConnection, client: int, period: Literal["week", "month"], days: Range, paging: Paging
) -> tuple[int, list[dict[str, Any]]]:
    """How many summaries touch these days, and a page of them by their start."""
    table, start, end = _TABLES[period]
    where = f"WHERE client_id = :client AND {start} < :end AND {end} >= :start"
    values = {"client": client, "start": days.start, "end": days.end}
    total = await connection.execute(text(f"SELECT count(*) FROM {table} {where}"), values)
    found = await connection.execute(
        text(
            f"SELECT {start}, {end}, {_COLUMNS}, updated_at FROM {table} {where} "
            f"ORDER BY {start} {paging.sql()} LIMIT :limit OFFSET :offset"
        ),
        {**values, "limit": paging.page_size, "offset": paging.offset},
    )
    return int(total.scalar_one()), [_told(row) for row in found.mappings()]


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: _exact(value) if name in _JSON else value for name, value in row.items()}


def _exact(value: str) -> Any:
    return json.loads(value, parse_float=Decimal)
