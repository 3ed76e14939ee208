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
from services.loader.frames.batches import (
    digest_of,
    distinct_keys,
    joined_names,
    names_frame,
    packed,
    rows_of,
    with_creatives,
)
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
class Prepared:
    """A batch ready to be staged."""

    digest: str
    epoch: int
    payload: bytes
    names: bytes


async def stage_batch(engine: AsyncEngine, resolver: Resolver, batch: MetricsBatch) -> None:
    """Resolve first, then one short transaction. The same batch again is a no-op."""
    client = await resolver.client(batch.client_id)
    if client is None:
        raise UnknownClient(f"no client {batch.client_id}: create it first, then replay this message")
    rows, keys, paths = await asyncio.to_thread(_rows_and_paths, batch)
    while not await _staged(engine, resolver, client, batch, rows, keys, paths):
        resolver.forget(client.id)
    failpoint("loader.after_staging")


async def _staged(
    engine: AsyncEngine,
    resolver: Resolver,
    client: Client,
    batch: MetricsBatch,
    rows: pl.DataFrame,
    keys: pl.DataFrame,
    paths: list[str],
) -> bool:
    """False where something was deleted between resolving and staging: resolve again."""
    epoch, creatives = await resolver.resolve(client.id, batch.source, batch.account, paths)
    prepared = await asyncio.to_thread(_pack, batch, rows, keys, epoch, creatives)
    async with transaction(engine) as connection:
        run = await runs.open_run(connection, client.id, batch)
        if not await _is_new(connection, run, batch, prepared.digest):
            return True
        if epoch != await hierarchy.epoch(connection, client.id):
            return False
        await _stage(connection, client, run, batch, prepared)
    return True


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


def _rows_and_paths(batch: MetricsBatch) -> tuple[pl.DataFrame, pl.DataFrame, list[str]]:
    rows = rows_of(batch)
    keys = distinct_keys(rows)
    return rows, keys, joined_names(keys, batch.names)


def _pack(
    batch: MetricsBatch, rows: pl.DataFrame, keys: pl.DataFrame, epoch: int, creatives: list[int]
) -> Prepared:
    return Prepared(
        digest=digest_of(batch),
        epoch=epoch,
        payload=packed(with_creatives(rows, keys, creatives)),
        names=packed(names_frame(keys, batch.names, creatives)),
    )


async def _stage(
    connection: AsyncConnection, client: Client, run: Run, batch: MetricsBatch, prepared: Prepared
) -> None:
    complete = await staging.stage(
        connection,
        run,
        batch,
        digest=prepared.digest,
        epoch=prepared.epoch,
        payload=prepared.payload,
        names=prepared.names,
    )
    if complete:
        await outbox.put(
            connection, "loader", "run.staged", RunStaged(client_id=client.public_id, run_id=run.run_id)
        )
