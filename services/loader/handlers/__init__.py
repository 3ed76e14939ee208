"""Subscribers of the loader: one module per kind of work."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import MetricsBatch
from contracts.load.v1 import HierarchyDeleted, RateChanged, RunConfirmed, RunStaged, RunUndo
from libs.bus import Bus, Delivery
from libs.db.errors import translated
from services.loader.frames.bodies import content_of
from services.loader.handlers.corrections import delete_level, reprice, undo_run
from services.loader.handlers.headstart import HeadStart
from services.loader.handlers.merging import confirm_run, merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.handlers.staging import stage_batch


def subscribe(
    bus: Bus, engine: AsyncEngine, head_start: HeadStart, default_cpm: Decimal | None = None
) -> None:
    """Register every handler of the loader; ``default_cpm`` prices days without a rate."""
    resolver = Resolver(engine)

    @bus.subscriber("loader.batches", content_of)
    async def stage(batch: MetricsBatch, delivery: Delivery) -> None:
        with translated():
            await stage_batch(engine, resolver, batch, head_start)

    @bus.subscriber("loader.merges")
    async def merge(staged: RunStaged, delivery: Delivery) -> None:
        with translated():
            await merge_run(
                engine,
                resolver,
                staged.client_id,
                staged.run_id,
                default_cpm=default_cpm,
                head_start=head_start,
            )

    @bus.subscriber("loader.confirmations")
    async def confirm(confirmed: RunConfirmed, delivery: Delivery) -> None:
        with translated():
            await confirm_run(
                engine, resolver, confirmed.client_id, confirmed.run_id, default_cpm=default_cpm
            )

    @bus.subscriber("loader.undos")
    async def undo(asked: RunUndo, delivery: Delivery) -> None:
        with translated():
            await undo_run(engine, asked.client_id, asked.run_id, default_cpm=default_cpm)

    @bus.subscriber("loader.rates")
    async def change_rate(changed: RateChanged, delivery: Delivery) -> None:
        with translated():
            await reprice(engine, changed, default_cpm=default_cpm)

    @bus.subscriber("loader.deletions")
    async def delete(deleted: HierarchyDeleted, delivery: Delivery) -> None:
        with translated():
            await delete_level(engine, deleted)
