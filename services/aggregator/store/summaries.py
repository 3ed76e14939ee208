"""weekly_summaries and monthly_summaries."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.periods import DAY, Period, end_of
from services.aggregator.rules import Summary, as_json

_DOCUMENTS = (*(field.name for field in fields(Summary)), "deltas")


async def write_summary(
    connection: AsyncConnection,
    client_id: int,
    period: Period,
    start: date,
    found: Summary,
    deltas: dict[str, Any],
) -> None:
    """Put a period's summary in place; one that says the same already is not touched."""
    table = _table(period)
    names = ", ".join(_DOCUMENTS)
    await connection.execute(
        text(
            f"INSERT INTO {table} AS s (client_id, {period}_start, {period}_end, {names}) "
            f"VALUES (:client, :start, :end, {', '.join(f'CAST(:{name} AS jsonb)' for name in _DOCUMENTS)}) "
            f"ON CONFLICT (client_id, {period}_start) DO UPDATE "
            f"SET {', '.join(f'{name} = excluded.{name}' for name in _DOCUMENTS)} "
            f"WHERE ({', '.join(f's.{name}' for name in _DOCUMENTS)}) "
            f"IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in _DOCUMENTS)})"
        ),
        {
            "client": client_id,
            "start": start,
            "end": end_of(period, start) - DAY,
            "deltas": as_json(deltas),
            **{field.name: as_json(getattr(found, field.name)) for field in fields(Summary)},
        },
    )


async def write_deltas(
    connection: AsyncConnection, client_id: int, period: Period, start: date, deltas: dict[str, Any]
) -> None:
    """Only the deltas of a summary that stands: the period before it changed."""
    await connection.execute(
        text(
            f"UPDATE {_table(period)} SET deltas = CAST(:deltas AS jsonb) "
            f"WHERE client_id = :client AND {period}_start = :start AND deltas <> CAST(:deltas AS jsonb)"
        ),
        {"client": client_id, "start": start, "deltas": as_json(deltas)},
    )


async def delete_summary(connection: AsyncConnection, client_id: int, period: Period, start: date) -> None:
    """A period without rows has no summary."""
    await connection.execute(
        text(f"DELETE FROM {_table(period)} WHERE client_id = :client AND {period}_start = :start"),
        {"client": client_id, "start": start},
    )


def _table(period: Period) -> str:
    return f"{period}ly_summaries"
