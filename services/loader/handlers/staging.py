"""A batch arrives: names become keys, rows become a payload, the run counts one more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import polars as pl
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import MetricsBatch
from contracts.load.v1 import RunStaged
from libs.bus import outbox
from libs.db.engine import at_once, driver, transaction
from libs.errors import Terminal
from libs.failpoints import failpoint
from libs.metrics.rows import packed
from services.loader.frames.batches import digest_of, distinct_keys, rows_of, with_creatives
from services.loader.frames.paths import Ids, Keys
from services.loader.handlers.headstart import HeadStart
from services.loader.handlers.resolving import Resolver
from services.loader.store import runs, staging
from services.loader.store.staging import Became, Parcel

log = structlog.get_logger()


class UnknownClient(Terminal):
    """No client has the id of the message."""


class Contradiction(Terminal):
    """The same batch of the same run came before with other content."""


@dataclass(frozen=True)
class Read:
    """A batch as rows, whose creatives are still names."""

    rows: pl.DataFrame
    keys: Keys
    digest: str


async def stage_batch(
    engine: AsyncEngine, resolver: Resolver, batch: MetricsBatch, head_start: HeadStart | None = None
) -> None:
    """Resolve first, then one statement that commits. The same batch again is a no-op.

    ``head_start`` is told what was staged.
    """
    client = await resolver.client(batch.client_id)
    if client is None:
        raise UnknownClient(f"no client {batch.client_id}: create it first, then replay this message")
    read = await asyncio.to_thread(_read, batch)
    became = Became.STALE
    while became is Became.STALE:
        epoch, creatives = await resolver.resolve(client.id, batch.source, batch.account, read.keys)
        rows, payload = await asyncio.to_thread(_pack, read, creatives)
        became = await _staged(engine, Parcel(client.id, batch, read.digest, payload, epoch))
        if became is Became.STALE:  # something was deleted between resolving and staging
            resolver.forget(client.id)
    if head_start and became in (Became.STAGED, Became.COMPLETE):
        await head_start.note(client.id, batch, rows)
    failpoint("loader.after_staging")


def _read(batch: MetricsBatch) -> Read:
    rows = rows_of(batch)
    return Read(rows, Keys.of(distinct_keys(rows), batch.names), digest_of(batch))


async def _staged(engine: AsyncEngine, parcel: Parcel) -> Became:
    became = Became.COMPLETES
    if parcel.batch.end is None:
        async with at_once(engine) as raw:
            became = await staging.stage(raw, parcel, may_complete=False)
    if became in (Became.COMPLETES, Became.UNKNOWN):
        became = await _stage_with_the_run(engine, parcel)
    if became in (Became.ENDED, Became.OTHER, Became.CHANGED):
        await _say_why_not(engine, parcel, became)
    return became


async def _stage_with_the_run(engine: AsyncEngine, parcel: Parcel) -> Became:
    """The batch with what it says of its run, and the word that the run is complete, at once."""
    batch = parcel.batch
    async with transaction(engine) as connection:
        raw = await driver(connection)
        became = await staging.stage(raw, parcel, may_complete=True)
        if became is Became.UNKNOWN:
            await runs.make_run(connection, parcel.client_id, batch)
            became = await staging.stage(raw, parcel, may_complete=True)
        if became is Became.UNKNOWN:  # pragma: no cover - it was inserted, or somebody else did
            raise RuntimeError(f"run {batch.run_id} is not there after its insert")
        if batch.end is not None and became in (Became.STAGED, Became.COMPLETE):
            await staging.keep_end(connection, parcel.client_id, batch.run_id, batch.end)
        if became is Became.COMPLETE:
            event = RunStaged(client_id=batch.client_id, run_id=batch.run_id)
            await outbox.put(connection, "loader", "run.staged", event)
    return became


def _pack(read: Read, creatives: Ids) -> tuple[pl.DataFrame, bytes]:
    rows = with_creatives(read.rows, read.keys.levels, creatives)
    return rows, packed(rows)


async def _say_why_not(engine: AsyncEngine, parcel: Parcel, became: Became) -> None:
    batch = parcel.batch
    if became is Became.CHANGED:
        raise Contradiction(
            f"batch {batch.sequence} of run {batch.run_id} was staged with other content: "
            "a run never changes; send it as a new run"
        )
    async with transaction(engine) as connection:
        run = await runs.find_run(connection, parcel.client_id, batch.run_id, lock=False)
    if run is not None and became is Became.OTHER:
        raise Contradiction(
            f"run {run.run_id} is of {run.source} {run.account}, this batch of {batch.source} {batch.account}"
        )
    log.info(
        "batch of an ended run",
        run_id=str(batch.run_id),
        status=run and run.status,
        sequence=batch.sequence,
    )
