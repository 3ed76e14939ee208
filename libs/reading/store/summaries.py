"""The weekly and monthly summaries that the aggregator keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_JSON = ("sums", "ratios", "deltas", "top_campaigns", "top_creatives", "underperformers")
_TABLES: Mapping[str, tuple[str, str, str]] = {
    "week": ("weekly_summaries", "week_start", "week_end"),
    "month": ("monthly_summaries", "month_start", "month_end"),
}


async def latest(
    connection: AsyncConnection, client: int, period: Literal["week", "month"], day: date
) -> dict[str, Any] | None:
    """The newest summary whose period began on or before a day, with exact numbers."""
    table, start, end = _TABLES[period]
    columns = ", ".join(f"{name}::text AS {name}" for name in _JSON)
    found = await connection.execute(
        text(
            f"SELECT {start}, {end}, {columns}, updated_at FROM {table} "
            f"WHERE client_id = :client AND {start} <= :day ORDER BY {start} DESC LIMIT 1"
        ),
        {"client": client, "day": day},
    )
    row = found.mappings().first()
    if row is None:
        return None
    return {name: _exact(value) if name in _JSON else value for name, value in row.items()}


def _exact(value: str) -> Any:
    return json.loads(value, parse_float=Decimal)
