"""Batches of runs that are not complete yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
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


_STAGE = text(
    "WITH kept AS (INSERT INTO staging_media_raw (client_id, run_id, sequence, digest, row_count, payload) "
    "VALUES (:client, :run, :sequence, :digest, :rows, :payload)) "
    "UPDATE ingestion_logs SET batches_staged = batches_staged + 1, last_batch_at = now(), "
    "status = CASE status WHEN 'stalled' THEN 'running' ELSE status END, "
    "delivered_at = coalesce(delivered_at, :delivered), account = :account "
    "WHERE client_id = :client AND run_id = :run RETURNING batches_staged, batches_expected"
)


async def stage(
    connection: AsyncConnection, run: Run, batch: MetricsBatch, *, digest: str, payload: bytes
) -> bool:
    """Keep a batch and raise the run's count; true when the run is complete with it."""
    given = {
        "client": run.client_id,
        "run": run.run_id,
        "sequence": batch.sequence,
        "digest": digest,
        "rows": batch.row_count,
        "payload": payload,
        "delivered": batch.delivered_at,
        "account": batch.account,
    }
    row = (await connection.execute(_STAGE, given)).one()
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


async def payloads(connection: AsyncConnection, run: Run) -> list[bytes]:
    """A run's batches, in order."""
    rows = await connection.execute(
        text(
            "SELECT payload FROM staging_media_raw WHERE client_id = :client AND run_id = :run "
            "ORDER BY sequence"
        ),
        {"client": run.client_id, "run": run.run_id},
    )
    return list(rows.scalars())


async def lost_names(connection: AsyncConnection, run: Run) -> list[bytes]:
    """Names of creatives that were deleted while the run's batches waited, see ``keep_names``."""
    rows = await connection.execute(
        text(
            "SELECT names FROM staging_media_raw "
            "WHERE client_id = :client AND run_id = :run AND names IS NOT NULL"
        ),
        {"client": run.client_id, "run": run.run_id},
    )
    return list(rows.scalars())


@dataclass(frozen=True)
class Waiting:
    """A batch that waits for its run to be merged."""

    run_id: UUID
    sequence: int
    payload: bytes
    names: bytes | None


async def waiting(
    connection: AsyncConnection, client_id: int, source: str | None = None
) -> AsyncIterator[Waiting]:
    """All staged batches of a client (and source), one at a time."""
    query = (
        "SELECT s.run_id, s.sequence, s.payload, s.names FROM staging_media_raw s "
        "JOIN ingestion_logs l ON l.client_id = s.client_id AND l.run_id = s.run_id "
        "WHERE s.client_id = :client AND (cast(:source AS text) IS NULL OR l.source = :source)"
    )
    async with connection.stream(text(query), {"client": client_id, "source": source}) as rows:
        async for row in rows:
            yield Waiting(row.run_id, row.sequence, row.payload, row.names)


async def keep_names(connection: AsyncConnection, client_id: int, batch: Waiting, names: bytes) -> None:
    """Write beside a batch which names its creatives had that are about to be deleted."""
    await connection.execute(
        text(
            "UPDATE staging_media_raw SET names = :names "
            "WHERE client_id = :client AND run_id = :run AND sequence = :sequence"
        ),
        {"client": client_id, "run": batch.run_id, "sequence": batch.sequence, "names": names},
    )


async def clear_staging(connection: AsyncConnection, client_id: int, run_id: UUID) -> None:
    """Forget the batches of a run that ended."""
    await connection.execute(
        text("DELETE FROM staging_media_raw WHERE client_id = :client AND run_id = :run"),
        {"client": client_id, "run": run_id},
    )
