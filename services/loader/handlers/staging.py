"""A batch arrives: names become keys, rows become a payload, the run counts one more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import polars as pl
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.ingest.v1 import MetricsBatch
from contracts.load.v1 import RunStaged
from libs.bus import outbox
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.failpoints import failpoint
from services.loader.frames.batches import digest_of, distinct_keys, packed, rows_of, with_creatives
from services.loader.frames.paths import Ids, Keys
from services.loader.handlers.resolving import Resolver
from services.loader.rules import ENDED
from services.loader.store import hierarchy, runs, staging
from services.loader.store.runs import Client, Run

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


async def stage_batch(engine: AsyncEngine, resolver: Resolver, batch: MetricsBatch) -> None:
    """Resolve first, then one short transaction. The same batch again is a no-op."""
    client = await resolver.client(batch.client_id)
    if client is None:
        raise UnknownClient(f"no client {batch.client_id}: create it first, then replay this message")
    read = await asyncio.to_thread(_read, batch)
    while not await _staged(engine, resolver, client, batch, read):
        resolver.forget(client.id)
    failpoint("loader.after_staging")


def _read(batch: MetricsBatch) -> Read:
    rows = rows_of(batch)
    return Read(rows, Keys.of(distinct_keys(rows), batch.names), digest_of(batch))


async def _staged(
    engine: AsyncEngine, resolver: Resolver, client: Client, batch: MetricsBatch, read: Read
) -> bool:
    """False where something was deleted between resolving and staging: resolve again."""
    epoch, creatives = await resolver.resolve(client.id, batch.source, batch.account, read.keys)
    payload = await asyncio.to_thread(_pack, read, creatives)
    async with transaction(engine) as connection:
        run = await runs.open_run(connection, client.id, batch)
        if not await _is_new(connection, run, batch, read.digest):
            return True
        await hierarchy.keep_levels(connection, client.id)
        if epoch != await hierarchy.epoch(connection, client.id):
            return False
        if await staging.stage(connection, run, batch, digest=read.digest, payload=payload):
            event = RunStaged(client_id=client.public_id, run_id=run.run_id)
            await outbox.put(connection, "loader", "run.staged", event)
    return True


def _pack(read: Read, creatives: Ids) -> bytes:
    return packed(with_creatives(read.rows, read.keys.levels, creatives))


async def _is_new(connection: AsyncConnection, run: Run, batch: MetricsBatch, digest: str) -> bool:
    if run.status in ENDED:
        log.info("batch of an ended run", run_id=str(run.run_id), status=run.status, sequence=batch.sequence)
        return False
    if run.source != batch.source or (run.batches_staged and run.account != batch.account):
        raise Contradiction(
            f"run {run.run_id} is of {run.source} {run.account}, this batch of {batch.source} {batch.account}"
        )
    staged = await staging.staged_digest(connection, run, batch.sequence)
    if staged is not None and staged != digest:
        raise Contradiction(
            f"batch {batch.sequence} of run {run.run_id} was staged with other content: "
            "a run never changes; send it as a new run"
        )
    return staged is None
