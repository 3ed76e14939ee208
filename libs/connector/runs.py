"""The connector's part of ingestion_logs and rejected_rows. Never commits; idempotent by run id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from contracts.load.v1 import RunFailed
from contracts.notify.v1 import FileMissing
from libs.bus import outbox
from libs.connector.account import Client

OPEN = ("running", "stalled")
"""A run in any other state has ended (or waits for a person): nothing more is to be sent for it."""


@dataclass(frozen=True)
class Run:
    """One ingestion of one delivery for one client."""

    run_id: UUID
    client: Client
    source: Source
    run_date: date | None
    delivered_at: datetime | None
    generation: int = 0
    reload_of: UUID | None = None
    allow_shrink: bool = False
    window_start: date | None = None
    """The first day of a delivery of several, of which ``run_date`` is the last; None: of that day alone."""


@dataclass(frozen=True)
class Extract:
    """What a connector knows of a delivery when it was read to its end."""

    rows_read: int
    rows_rejected: int
    warnings: list[dict[str, Any]] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds."""


async def start(connection: AsyncConnection, run: Run, artifact: dict[str, Any] | None = None) -> str:
    """Write the run down as running, unless it is known; returns the status in which it stands."""
    values = {
        "client_id": run.client.id,
        "run_id": run.run_id,
        "source": run.source,
        "run_date": run.run_date,
        "window_start": run.window_start,
        "delivered_at": run.delivered_at,
        "generation": run.generation,
        "reload_of": run.reload_of,
        "allow_shrink": run.allow_shrink,
        "artifact": _json(artifact),
    }
    await connection.execute(text(_START), values)
    return str(await status_of(connection, run))


async def status_of(connection: AsyncConnection, run: Run) -> str | None:
    """In which status a run stands; None when it is not known."""
    found = await connection.execute(
        text("SELECT status FROM ingestion_logs WHERE client_id = :client_id AND run_id = :run_id"),
        {"client_id": run.client.id, "run_id": run.run_id},
    )
    status: str | None = found.scalar_one_or_none()
    return status


async def settled(connection: AsyncConnection, client_id: int, run_ids: Collection[UUID]) -> set[UUID]:
    """Which of these runs need no look: ended, held, or under way for less than an hour."""
    found = await connection.execute(
        text(
            "SELECT run_id FROM ingestion_logs WHERE client_id = :client_id AND run_id = ANY(:run_ids) "
            "AND (status NOT IN ('running', 'stalled') OR started_at > now() - interval '1 hour')"
        ),
        {"client_id": client_id, "run_ids": list(run_ids)},
    )
    return set(found.scalars())


_START = """
INSERT INTO ingestion_logs
    (client_id, run_id, source, run_date, window_start, delivered_at, generation, reload_of, allow_shrink,
     artifact)
VALUES (:client_id, :run_id, :source, :run_date, :window_start, :delivered_at, :generation, :reload_of,
        :allow_shrink, CAST(:artifact AS jsonb))
ON CONFLICT (client_id, run_id) DO NOTHING
"""


async def archived(connection: AsyncConnection, run: Run, artifact: dict[str, Any]) -> None:
    """Say where the raw file is kept."""
    await _update(connection, run, "artifact = CAST(:artifact AS jsonb)", artifact=_json(artifact))


async def extracted(connection: AsyncConnection, run: Run, extract: Extract) -> None:
    """Write down what is known at the end of the file, before the last batch is sent."""
    await _update(
        connection,
        run,
        "rows_read = :rows_read, rows_rejected = :rows_rejected, warnings = CAST(:warnings AS jsonb), "
        "definitions = CAST(:definitions AS jsonb), timings = timings || CAST(:timings AS jsonb), "
        "error = NULL, traceback = NULL",
        rows_read=extract.rows_read,
        rows_rejected=extract.rows_rejected,
        warnings=_json(extract.warnings),
        definitions=_json(extract.definitions),
        timings=_json(extract.timings),
    )


async def troubled(connection: AsyncConnection, run: Run, error: str, traceback: str | None) -> None:
    """Show on a run that goes on why it has not ended: it is tried again."""
    await _update(
        connection, run, "error = :error, traceback = :traceback", error=_storable(error), traceback=traceback
    )


async def fail(
    connection: AsyncConnection, run: Run, code: str, error: str, extract: Extract | None = None
) -> bool:
    """End a run as failed and announce it, once; False when it had ended already."""
    if extract is not None:
        await extracted(connection, run, extract)
    ended = await _update(
        connection,
        run,
        "status = 'failed', error_code = :code, error = :error, finished_at = now(), "
        "resolution_status = 'open'",
        code=code,
        error=_storable(error),
    )
    if ended:
        failed = RunFailed(
            client_id=run.client.public_id,
            run_id=run.run_id,
            source=run.source,
            run_date=run.run_date,
            error_code=code,
            error=error,
        )
        await outbox.put(connection, run.source, "run.failed", failed)
    return ended


async def missing(connection: AsyncConnection, run: Run, bucket: str, expected: str, error: str) -> bool:
    """End a run whose file is not there and announce it, once; False when that was known."""
    await start(connection, run)
    ended = await _update(
        connection,
        run,
        "status = 'missing_file', error_code = 'missing_file', error = :error, finished_at = now(), "
        "resolution_status = 'open'",
        error=error,
    )
    if ended and run.run_date is not None:
        gone = FileMissing(
            client_id=run.client.public_id,
            run_id=run.run_id,
            source=run.source,
            run_date=run.run_date,
            bucket=bucket,
            expected=expected,
        )
        await outbox.put(connection, run.source, "file.missing", gone)
    return ended


async def resolve_absence(connection: AsyncConnection, run: Run) -> None:
    """Close what was reported missing or denied for the day of a run that now has the file."""
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET resolution_status = 'resolved', resolved_at = now(), "
            "resolution_notes = :notes WHERE client_id = :client_id AND source = :source "
            "AND run_date = :day AND delivered_at IS NULL AND resolution_status = 'open' "
            "AND status IN ('missing_file', 'failed')"
        ),
        {
            "client_id": run.client.id,
            "source": run.source,
            "day": run.run_date,
            "notes": f"The file came: run {run.run_id}",
        },
    )


async def reject(
    connection: AsyncConnection, run: Run, rows: Sequence[tuple[int, Any, Sequence[str]]]
) -> None:
    """Keep rejected rows: number, raw cells, reasons. Rows that are there already stay as they are."""
    if not rows:
        return
    items = [{"n": number, "raw": raw, "reasons": list(reasons)} for number, raw, reasons in rows]
    await connection.execute(
        text(_REJECT), {"client_id": run.client.id, "run_id": run.run_id, "items": _json(items)}
    )


_REJECT = """
INSERT INTO rejected_rows (client_id, run_id, row_number, raw, reasons)
SELECT :client_id, :run_id, item.n, item.raw, item.reasons
FROM jsonb_to_recordset(CAST(:items AS jsonb)) AS item(n bigint, raw jsonb, reasons text[])
ON CONFLICT (client_id, run_id, row_number) DO NOTHING
"""


async def _update(connection: AsyncConnection, run: Run, assignments: str, **values: Any) -> bool:
    """Change a run that has not ended; whether there was such a one."""
    changed = await connection.execute(
        text(
            f"UPDATE ingestion_logs SET {assignments} WHERE client_id = :client_id AND run_id = :run_id "  # noqa: S608
            "AND status IN ('running', 'stalled')"
        ),
        {**values, "client_id": run.client.id, "run_id": run.run_id},
    )
    return bool(changed.rowcount)


def _json(value: Any) -> str | None:
    if value is None:
        return None
    text = orjson.dumps(value, default=str).decode()
    return orjson.dumps(_storable(orjson.loads(text))).decode() if "\\u0000" in text else text


def _storable(value: Any) -> Any:
    """PostgreSQL stores no NUL: it shows as ``␀``."""
    if isinstance(value, str):
        return value.replace("\x00", "␀")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value
