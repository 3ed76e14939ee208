"""Batches of runs that are not complete yet."""

from __future__ import annotations

from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import MetricsBatch, RunEnd
from services.loader.store.runs import Run


async def staged_digest(connection: AsyncConnection, run: Run, sequence: int) -> str | None:
    """The digest of a batch that is staged already."""
    found = await connection.execute(
        text(
            "SELECT digest FROM staging_media_raw "
            "WHERE client_id = :client AND run_id = :run AND sequence = :sequence"
        ),
        {"client": run.client_id, "run": run.run_id, "sequence": sequence},
    )
    digest: str | None = found.scalar_one_or_none()
    return digest


async def stage(
    connection: AsyncConnection,
    run: Run,
    batch: MetricsBatch,
    *,
    digest: str,
    epoch: int,
    payload: bytes,
    names: bytes,
) -> bool:
    """Keep a batch and raise the run's count; true when the run is complete with it."""
    await connection.execute(
        text(
            "INSERT INTO staging_media_raw "
            "(client_id, run_id, sequence, digest, row_count, hierarchy_epoch, payload, names) "
            "VALUES (:client, :run, :sequence, :digest, :rows, :epoch, :payload, :names)"
        ),
        {
            "client": run.client_id,
            "run": run.run_id,
            "sequence": batch.sequence,
            "digest": digest,
            "rows": batch.row_count,
            "epoch": epoch,
            "payload": payload,
            "names": names,
        },
    )
    row = (
        await connection.execute(
            text(
                "UPDATE ingestion_logs SET batches_staged = batches_staged + 1, last_batch_at = now(), "
                "status = CASE status WHEN 'stalled' THEN 'running' ELSE status END, "
                "delivered_at = coalesce(delivered_at, :delivered), account = :account "
                "WHERE client_id = :client AND run_id = :run RETURNING batches_staged, batches_expected"
            ),
            {
                "client": run.client_id,
                "run": run.run_id,
                "delivered": batch.delivered_at,
                "account": batch.account,
            },
        )
    ).one()
    expected = row.batches_expected
    if batch.end is not None:
        expected = batch.end.batch_count
        await _keep_end(connection, run, batch.end)
    return bool(row.batches_staged == expected)


async def _keep_end(connection: AsyncConnection, run: Run, end: RunEnd) -> None:
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET batches_expected = :expected, run_end = cast(:end AS jsonb), "
            "allow_shrink = allow_shrink OR :allow_shrink, rows_read = :read, "
            "rows_rejected = :rejected, reload_of = coalesce(:reload_of, reload_of), "
            "definitions = cast(:definitions AS jsonb), control_totals = cast(:totals AS jsonb) "
            "WHERE client_id = :client AND run_id = :run"
        ),
        {
            "client": run.client_id,
            "run": run.run_id,
            "expected": end.batch_count,
            "end": end.model_dump_json(),
            "allow_shrink": end.allow_shrink,
            "read": end.rows_read,
            "rejected": end.rows_rejected,
            "reload_of": end.reload_of,
            "definitions": orjson.dumps(end.definitions).decode(),
            "totals": orjson.dumps(end.control_totals).decode(),
        },
    )


async def staged_batches(
    connection: AsyncConnection, run: Run, *, names: bool = False
) -> list[tuple[int, bytes]]:
    """(hierarchy epoch, payload) of a run's batches in order; ``names``: the names instead of the rows."""
    column = "names" if names else "payload"
    rows = await connection.execute(
        text(
            f"SELECT hierarchy_epoch, {column} AS content FROM staging_media_raw "
            "WHERE client_id = :client AND run_id = :run ORDER BY sequence"
        ),
        {"client": run.client_id, "run": run.run_id},
    )
    return [(row.hierarchy_epoch, row.content) for row in rows]


async def clear_staging(connection: AsyncConnection, client_id: int, run_id: UUID) -> None:
    """Forget the batches of a run that ended."""
    await connection.execute(
        text("DELETE FROM staging_media_raw WHERE client_id = :client AND run_id = :run"),
        {"client": client_id, "run": run_id},
    )
