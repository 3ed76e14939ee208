"""Runs: ingestion_logs, and the staging of their batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import MetricsBatch, RunEnd
from services.loader.rules import Order


@dataclass(frozen=True)
class Client:
    """A client, by its small key."""

    id: int
    public_id: UUID
    currency: str


@dataclass(frozen=True)
class Run:
    """A run as the loader needs it."""

    client_id: int
    run_id: UUID
    run_no: int
    source: str
    account: str
    run_date: date | None
    delivered_at: datetime
    status: str
    batches_staged: int
    batches_expected: int | None
    end: RunEnd | None
    allow_shrink: bool

    @property
    def order(self) -> Order:
        """Its place among the deliveries."""
        return Order(self.delivered_at, self.run_no)


_RUN = (
    "SELECT client_id, run_id, run_no, source, account, run_date, delivered_at, status, batches_staged, "
    "batches_expected, run_end, allow_shrink FROM ingestion_logs WHERE client_id = :client AND run_id = :run"
)


async def find_client(connection: AsyncConnection, public_id: UUID) -> Client | None:
    """The client of a message."""
    row = (
        await connection.execute(
            text("SELECT id, public_id, currency FROM clients WHERE public_id = :id"), {"id": public_id}
        )
    ).one_or_none()
    return None if row is None else Client(row.id, row.public_id, row.currency)


async def find_run(connection: AsyncConnection, client_id: int, run_id: UUID, *, lock: bool) -> Run | None:
    """A run; ``lock`` keeps others from changing it until this transaction ends."""
    query = _RUN + (" FOR UPDATE" if lock else "")
    row = (
        (await connection.execute(text(query), {"client": client_id, "run": run_id})).mappings().one_or_none()
    )
    return None if row is None else _run(row)


def _run(row: RowMapping) -> Run:
    values = dict(row)
    end = values.pop("run_end")
    return Run(**values, end=None if end is None else RunEnd.model_validate(end))


async def make_run(connection: AsyncConnection, client_id: int, batch: MetricsBatch) -> None:
    """The run of a batch that comes before it (a typed message), unless it is there."""
    await connection.execute(
        text(
            "INSERT INTO ingestion_logs (client_id, run_id, source, account, run_date, delivered_at) "
            "VALUES (:client, :run, :source, :account, :day, :delivered) "
            "ON CONFLICT (client_id, run_id) DO NOTHING"
        ),
        {
            "client": client_id,
            "run": batch.run_id,
            "source": batch.source,
            "account": batch.account,
            "day": batch.run_date,
            "delivered": batch.delivered_at,
        },
    )


async def is_earlier_under_way(connection: AsyncConnection, run: Run) -> bool:
    """Whether a run of the same client and source, delivered before this one, is not at its end yet."""
    found = await connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM ingestion_logs WHERE client_id = :client AND source = :source "
            "AND status = 'running' AND (delivered_at, run_no) < (:delivered, :run_no))"
        ),
        {
            "client": run.client_id,
            "source": run.source,
            "delivered": run.delivered_at,
            "run_no": run.run_no,
        },
    )
    return bool(found.scalar_one())


@dataclass(frozen=True)
class Outcome:
    """How a run ended (or that it is held)."""

    status: str
    loaded: int = 0
    merged: int = 0
    unpriced: int = 0
    warnings: tuple[dict[str, object], ...] = ()
    error_code: str | None = None
    error: str | None = None


async def end_run(connection: AsyncConnection, run: Run, outcome: Outcome) -> None:
    """Write how a run ended."""
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET status = :status, rows_loaded = :loaded, rows_merged = :merged, "
            "rows_unpriced = :unpriced, warnings = warnings || cast(:warnings AS jsonb), "
            "error_code = :error_code, error = :error, "
            "finished_at = CASE WHEN :status = 'held' THEN NULL ELSE clock_timestamp() END, "
            "timings = timings || jsonb_build_object('seconds', "
            "round(extract(epoch FROM clock_timestamp() - started_at), 3)) "
            "WHERE client_id = :client AND run_id = :run"
        ),
        {
            "client": run.client_id,
            "run": run.run_id,
            "status": outcome.status,
            "loaded": outcome.loaded,
            "merged": outcome.merged,
            "unpriced": outcome.unpriced,
            "warnings": orjson.dumps(outcome.warnings).decode(),
            "error_code": outcome.error_code,
            "error": outcome.error,
        },
    )


async def note_undo(connection: AsyncConnection, run: Run, outcome: Outcome) -> None:
    """Write that a run was undone, or why some of it was not."""
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET status = :status, warnings = warnings || cast(:warnings AS jsonb) "
            "WHERE client_id = :client AND run_id = :run"
        ),
        {
            "client": run.client_id,
            "run": run.run_id,
            "status": outcome.status,
            "warnings": orjson.dumps(outcome.warnings).decode(),
        },
    )


async def allow_shrink(connection: AsyncConnection, run: Run) -> None:
    """Somebody confirmed that a held run may remove rows."""
    await connection.execute(
        text("UPDATE ingestion_logs SET allow_shrink = true WHERE client_id = :client AND run_id = :run"),
        {"client": run.client_id, "run": run.run_id},
    )


async def shrink_share(connection: AsyncConnection, client_id: int, source: str) -> Decimal:
    """The share of a date's rows or impressions that a delivery may take away unasked."""
    found = await connection.execute(
        text("SELECT max_shrink_share FROM source_settings WHERE client_id = :client AND source = :source"),
        {"client": client_id, "source": source},
    )
    share: Decimal | None = found.scalar_one_or_none()
    return Decimal("0.5") if share is None else share
