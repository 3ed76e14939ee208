"""Batches of runs that are not complete yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import MetricsBatch, RunEnd
from services.loader.rules import ENDED
from services.loader.store.runs import Run


class Became(StrEnum):
    """What became of a batch; see ``stage_batch`` in the migrations (0013_staging.sql)."""

    STAGED = "staged"
    COMPLETE = "complete"
    COMPLETES = "completes"
    AGAIN = "again"
    STALE = "stale"
    CHANGED = "changed"
    OTHER = "other"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Parcel:
    """A batch whose creatives are keys: Arrow IPC, and the epoch of the hierarchy they were resolved at."""

    client_id: int
    batch: MetricsBatch
    digest: str
    payload: bytes
    epoch: int


async def stage(
    connection: asyncpg.Connection[asyncpg.Record], parcel: Parcel, *, may_complete: bool
) -> Became:
    """Keep a batch and raise its run's count, in one round trip.

    ``may_complete``: that the run is complete with it will be announced in the same transaction.
    """
    batch = parcel.batch
    return Became(
        await connection.fetchval(
            "SELECT stage_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            parcel.client_id,
            batch.run_id,
            batch.sequence,
            parcel.digest,
            batch.row_count,
            parcel.payload,
            batch.source,
            batch.account,
            batch.delivered_at,
            parcel.epoch,
            batch.end and batch.end.batch_count,
            may_complete,
            list(ENDED),
        )
    )


async def keep_end(connection: AsyncConnection, client_id: int, run_id: UUID, end: RunEnd) -> None:
    """What the last batch says of the whole run."""
    await connection.execute(
        text(
            "UPDATE ingestion_logs SET run_end = cast(:end AS jsonb), "
            "allow_shrink = allow_shrink OR :allow_shrink, rows_read = :read, "
            "rows_rejected = :rejected, reload_of = coalesce(:reload_of, reload_of), "
            "definitions = cast(:definitions AS jsonb), control_totals = cast(:totals AS jsonb) "
            "WHERE client_id = :client AND run_id = :run"
        ),
        {
            "client": client_id,
            "run": run_id,
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
