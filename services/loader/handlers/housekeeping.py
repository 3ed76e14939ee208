"""What nobody asks for: alarms about runs that stopped coming, and forgetting what is kept long enough."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import SOURCES
from contracts.notify.v1 import AlertRaised
from libs.bus import outbox
from libs.db.engine import transaction
from libs.db.errors import translated
from libs.errors import Transient
from services.loader.frames.batches import creatives_in
from services.loader.store import displaced, keeping, removal, slices, staging

log = structlog.get_logger()


@dataclass(frozen=True)
class Keeping:
    """How long things lie."""

    stalled_after_minutes: int
    staging_days: int
    displaced_days: int


async def look_for_stalled(engine: AsyncEngine, kept: Keeping) -> int:
    """Runs none of whose batches came for too long become ``stalled`` and raise an alarm."""
    async with transaction(engine) as connection:
        stalled = await keeping.mark_stalled(connection, kept.stalled_after_minutes)
        for run in stalled:
            message = (
                f"{run.staged} of {run.expected or 'an unknown number of'} batches of the {run.source} run "
                f"for {run.run_date} came, none for {kept.stalled_after_minutes} minutes: "
                "look at the connector and at dead letters; a late batch goes on with the run"
            )
            alert = AlertRaised(
                kind="run.stalled",
                message=message,
                dedupe_key=f"stalled:{run.run_id}",
                client_id=run.client,
                run_id=run.run_id,
            )
            await outbox.put(connection, "loader", "alert.raised", alert)
    return len(stalled)


async def forget_old(engine: AsyncEngine, kept: Keeping) -> None:
    """Staging of runs that ended or lie too long, and displaced rows past the time of undo."""
    async with transaction(engine) as connection:
        await keeping.clear_old_staging(connection, kept.staging_days)
        await keeping.clear_old_displaced(connection, kept.displaced_days)


async def clean_hierarchies(engine: AsyncEngine) -> None:
    """Levels that have no rows left, of clients of which rows were removed."""
    async with transaction(engine) as connection:
        clients = await removal.clients_to_clean(connection)
    for client_id in clients:
        async with transaction(engine) as connection:
            for source in SOURCES:
                await slices.take_turn(connection, client_id, source)
            await removal.take_levels(connection, client_id)
            kept = await displaced.payloads(connection, client_id)
            kept += [batch.payload async for batch in staging.waiting(connection, client_id)]
            gone = await removal.clean(connection, client_id, await asyncio.to_thread(creatives_in, kept))
        log.info("levels without rows are gone", client=client_id, creatives=gone)


async def keep_house(engine: AsyncEngine, kept: Keeping, seconds: float) -> None:
    """Do both, again and again; several loaders may."""
    while True:
        try:
            with translated():
                await look_for_stalled(engine, kept)
                await forget_old(engine, kept)
                await clean_hierarchies(engine)
        except Transient as error:
            log.warning("housekeeping waits", error=str(error))
        await asyncio.sleep(seconds)
