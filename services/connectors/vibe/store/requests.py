"""Reports: wanted, asked for, created, ready, fetched. Each step is written before the next one is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.connectors.vibe.rules.windows import Window

Status = Literal["wanted", "asked", "created", "ready", "fetched", "failed", "given_up", "abandoned"]
AT_WORK = ("created", "ready")


@dataclass(frozen=True)
class Request:
    """A row of vibe_report_requests. Times are of the service's clock."""

    id: UUID
    client_id: int
    report_id: str | None
    status: Status
    window: Window
    generation: int
    asks: int
    asked_at: datetime | None
    polls: int
    polled_at: datetime | None
    troubles: int
    revived: bool
    not_before: datetime | None
    download_url: str | None
    completed_at: datetime | None

    def __repr__(self) -> str:
        return f"Request({self.report_id or self.id}, {self.window}, {self.status})"  # no signed address


_COLUMNS = (
    "id, client_id, report_id, status, start_date, end_date, generation, asks, asked_at, polls, polled_at, "
    "troubles, revived, not_before, download_url, completed_at"
)


async def opened(
    connection: AsyncConnection,
    client_id: int,
    window: Window,
    generation: int,
    digest: str,
    params: Mapping[str, Any],
    now: datetime,
) -> Request:
    """The request of a window that has not ended, made if there is none; locked."""
    values = {"client": client_id, "start": window.start, "end": window.end, "generation": generation}
    await connection.execute(
        text(
            "INSERT INTO vibe_report_requests "
            "(client_id, start_date, end_date, generation, status, key_digest, request_params, requested_at) "
            "VALUES (:client, :start, :end, :generation, 'wanted', :digest, CAST(:params AS jsonb), :now) "
            "ON CONFLICT DO NOTHING"
        ),
        {**values, "digest": digest, "params": orjson.dumps(params).decode(), "now": now},
    )
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM vibe_report_requests WHERE client_id = :client AND start_date = :start "
            "AND end_date = :end AND generation = :generation "
            "AND status IN ('wanted', 'asked', 'created', 'ready', 'given_up') FOR UPDATE"
        ),
        values,
    )
    return _request(found.mappings().one())


async def of_report(connection: AsyncConnection, client_id: int, report_id: str) -> Request | None:
    """The request that became this report."""
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM vibe_report_requests "
            "WHERE client_id = :client AND report_id = :report FOR UPDATE"
        ),
        {"client": client_id, "report": report_id},
    )
    row = found.mappings().one_or_none()
    return None if row is None else _request(row)


async def left_over(connection: AsyncConnection, client_id: int, now: datetime) -> list[Request]:
    """Reports that were given up, and those that nobody has looked at for a day; oldest first."""
    found = await connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM vibe_report_requests "
            "WHERE client_id = :client AND report_id IS NOT NULL "
            "AND (status = 'given_up' OR (status IN ('created', 'ready') "
            "AND greatest(polled_at, asked_at) < :before)) ORDER BY requested_at"
        ),
        {"client": client_id, "before": now - timedelta(days=1)},
    )
    return [_request(row) for row in found.mappings()]


async def asked(connection: AsyncConnection, request: Request, now: datetime) -> bool:
    """The request goes out with the next line of code; False: somebody else was faster."""
    return await _change(
        connection,
        request,
        "status = 'asked', asks = asks + 1, asked_at = :now, not_before = NULL, note = NULL",
        "status IN ('wanted', 'asked') AND asks = :asks",
        now=now,
        asks=request.asks,
    )


async def created(
    connection: AsyncConnection, request: Request, report_id: str, not_before: datetime
) -> bool:
    """Vibe gave it an id; False: another answer to the same request came first."""
    return await _change(
        connection,
        request,
        "status = 'created', report_id = :report, troubles = 0, not_before = :not_before, note = NULL",
        "status IN ('wanted', 'asked')",
        report=report_id,
        not_before=not_before,
    )


async def waits(connection: AsyncConnection, request: Request, until: datetime, note: str) -> None:
    """Nothing is done for it before a time; ``note`` says why."""
    await _change(connection, request, "not_before = :until, note = :note", until=until, note=note)


async def looked_at(connection: AsyncConnection, request: Request, not_before: datetime) -> None:
    """The look goes out with the next line of code; whoever else comes waits for the pause after it."""
    await _change(connection, request, "not_before = :not_before", not_before=not_before)


async def troubled(connection: AsyncConnection, request: Request, until: datetime, note: str) -> None:
    """Something that may pass. What was asked for without an answer is wanted again."""
    await _change(
        connection,
        request,
        "troubles = troubles + 1, not_before = :until, note = :note, "
        "status = CASE status WHEN 'asked' THEN 'wanted' ELSE status END",
        until=until,
        note=note,
    )


async def polled(
    connection: AsyncConnection, request: Request, now: datetime, not_before: datetime, note: str
) -> None:
    """It was looked at and is not ready."""
    await _change(
        connection,
        request,
        "polls = polls + 1, polled_at = :now, not_before = :not_before, note = :note, troubles = 0",
        now=now,
        not_before=not_before,
        note=note,
    )


async def ready(connection: AsyncConnection, request: Request, now: datetime, url: str) -> None:
    """It can be downloaded. When it was first seen ready is the time of the delivery, and stays."""
    await _change(
        connection,
        request,
        "status = 'ready', download_url = :url, "
        "url_expiration = CAST(:now AS timestamptz) + interval '24 hours', "
        "polls = polls + 1, polled_at = :now, completed_at = coalesce(completed_at, :now), "
        "not_before = NULL, note = NULL",
        now=now,
        url=url,
    )


async def stale(connection: AsyncConnection, request: Request, until: datetime, note: str) -> None:
    """Its address no longer works: it is looked at again for another one."""
    await _change(
        connection,
        request,
        "status = 'created', download_url = NULL, troubles = troubles + 1, not_before = :until, note = :note",
        until=until,
        note=note,
    )


async def revived(connection: AsyncConnection, request: Request, polls: int) -> None:
    """It is looked at again: so many looks count as made already."""
    await _change(
        connection,
        request,
        "status = 'created', polls = :polls, revived = true, troubles = 0, not_before = NULL",
        polls=polls,
    )


async def ended(
    connection: AsyncConnection, request: Request, status: Status, note: str | None, run_id: UUID
) -> None:
    """Nothing more is done for it (until it is revived, where it was given up)."""
    await _change(
        connection,
        request,
        "status = :status, note = :note, run_id = :run_id, not_before = NULL, download_url = NULL",
        status=status,
        note=note,
        run_id=run_id,
    )


async def _change(
    connection: AsyncConnection, request: Request, changes: str, condition: str = "true", **values: Any
) -> bool:
    changed = await connection.execute(
        text(
            f"UPDATE vibe_report_requests SET {changes} "
            f"WHERE client_id = :client AND id = :id AND ({condition})"
        ),
        {**values, "client": request.client_id, "id": request.id},
    )
    return bool(changed.rowcount)


def _request(row: Mapping[Any, Any]) -> Request:
    values = dict(row)
    window = Window(values.pop("start_date"), values.pop("end_date"))
    return Request(window=window, **values)
