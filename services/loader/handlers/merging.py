"""A run is whole: it is merged in one transaction, or not at all.

Decode and sort first, then take the client's and source's turn, then read, compare and write. What
readers see changes at the commit.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import polars as pl
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import RunStaged
from libs.bus import outbox
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.failpoints import failpoint
from libs.metrics.measures import NumberTooLarge
from libs.metrics.rows import unpacked
from services.loader.frames import METRICS
from services.loader.frames.paths import by_old_id
from services.loader.frames.runs import remapped, to_grain
from services.loader.handlers import endings
from services.loader.handlers.applying import apply_run
from services.loader.handlers.beginning import Written
from services.loader.handlers.headstart import HeadStart
from services.loader.handlers.planning import Merge, Rest
from services.loader.handlers.resolving import Resolver
from services.loader.rules import ENDED, TooLarge, currency_refusal, outside_kept_months
from services.loader.store import facts, hierarchy, runs, slices, staging
from services.loader.store.runs import Client, Run

log = structlog.get_logger()

KEPT_MONTHS = "37 months back to one month ahead"
LOOK_AGAIN_SECONDS = 10


class RunNotThere(Terminal):
    """A message speaks of a run that nobody knows."""


async def merge_run(
    engine: AsyncEngine,
    resolver: Resolver,
    public_id: UUID,
    run_id: UUID,
    *,
    default_cpm: Decimal | None = None,
    head_start: HeadStart | None = None,
) -> None:
    """Merge a run of which every batch is staged; a no-op when it ended already."""
    async with transaction(engine) as connection:
        client, run = await find(connection, public_id, run_id)
        batches = await staging.payloads(connection, run)
    if run.status in ENDED or (run.status == "held" and not run.allow_shrink):
        log.info("nothing to merge", run_id=str(run_id), status=run.status)
        return
    try:
        async with head_start.handed_over(run_id) if head_start else nullcontext() as beginning:
            known = beginning.batches if beginning else 0
            merge, rest = await asyncio.to_thread(_decoded, client, run, batches, known)
            merge = replace(merge, default_cpm=default_cpm)
            if not await _ready(engine, client, run, merge.rows):
                return
            # Shielded: a merge that is given up must not cancel what another task is to set.
            if beginning and await _is_completed(await asyncio.shield(beginning.written), merge, rest):
                return
        await _apply(engine, merge)
    except (NumberTooLarge, TooLarge) as error:
        await endings.fail(engine, client, run, "TOO_LARGE", str(error))


async def _is_completed(written: Written | None, merge: Merge, rest: pl.DataFrame) -> bool:
    """Go on in the transaction in which a beginning of the run is written; false where that does not fit."""
    if written is None or merge.rows.height != written.rows + rest.height:
        return False  # or a later row belongs to one that is written
    connection = written.connection
    locked = await runs.find_run(connection, merge.client.id, merge.run.run_id, lock=True)
    if locked is None or locked.status in ENDED or await _must_wait(connection, locked):
        return False
    if await staging.lost_names(connection, locked):
        return False
    if not await apply_run(connection, replace(merge, run=locked, rest=Rest(rest, written.days))):
        return False
    failpoint("loader.in_merge")
    await connection.commit()
    failpoint("loader.after_commit")
    log.info("run had a head start", run_id=str(locked.run_id), rows=written.rows)
    return True


async def _apply(engine: AsyncEngine, merge: Merge) -> None:
    """In one transaction, when it is the run's turn."""
    client, run, rows = merge.client, merge.run, merge.rows
    async with transaction(engine) as connection:
        await slices.take_turn(connection, client.id, run.source)
        locked = await runs.find_run(connection, client.id, run.run_id, lock=True)
        if locked is None or locked.status in ENDED or await _is_put_off(connection, client, locked):
            return
        lost = await staging.lost_names(connection, locked)
        if lost:
            rows = await _resolve_again(connection, locked, rows, lost)
        await apply_run(connection, replace(merge, run=locked, rows=rows))
        failpoint("loader.in_merge")
    failpoint("loader.after_commit")


async def _is_put_off(connection: AsyncConnection, client: Client, run: Run) -> bool:
    """A run that may not meet rows which exist is merged after all that were delivered before it.

    Else the first of two uploads would be refused, or passed over, because the second one was quicker.
    """
    if not await _must_wait(connection, run):
        return False
    event = RunStaged(client_id=client.public_id, run_id=run.run_id)
    await outbox.put(connection, "loader", "run.staged", event, delay_seconds=LOOK_AGAIN_SECONDS)
    log.info("an earlier delivery is under way", run_id=str(run.run_id), seconds=LOOK_AGAIN_SECONDS)
    return True


async def _must_wait(connection: AsyncConnection, run: Run) -> bool:
    may_meet = run.end is None or run.end.on_existing != "reject"
    return not may_meet and await runs.is_earlier_under_way(connection, run)


async def confirm_run(
    engine: AsyncEngine,
    resolver: Resolver,
    public_id: UUID,
    run_id: UUID,
    *,
    default_cpm: Decimal | None = None,
) -> None:
    """Merge a held run although it removes rows."""
    async with transaction(engine) as connection:
        _, run = await find(connection, public_id, run_id)
        if run.status == "held":
            await runs.allow_shrink(connection, run)
    await merge_run(engine, resolver, public_id, run_id, default_cpm=default_cpm)


async def find(connection: AsyncConnection, public_id: UUID, run_id: UUID) -> tuple[Client, Run]:
    """The client and the run of a message. Raises RunNotThere."""
    client = await runs.find_client(connection, public_id)
    run = None if client is None else await runs.find_run(connection, client.id, run_id, lock=False)
    if client is None or run is None:
        raise RunNotThere(f"no run {run_id} of client {public_id}: its batches never came, or it was deleted")
    return client, run


def _decoded(client: Client, run: Run, batches: list[bytes], known: int) -> tuple[Merge, pl.DataFrame]:
    """A run at the grain, and the rows of all but its first batches alone.

    Empties the batches: each is let go as it is unpacked.
    """
    batches.reverse()
    parts = []
    while batches:
        parts.append(unpacked(batches.pop()))
    rest, _ = to_grain(parts[known:] if known else [], run.run_no)
    rows, merged = to_grain(parts, run.run_no)
    return Merge(client, run, rows, merged), rest


async def _ready(engine: AsyncEngine, client: Client, run: Run, rows: pl.DataFrame) -> bool:
    """Whether the run can be merged; else it ends here, with the reason. Makes partitions."""
    if run.end is None:
        raise Terminal(f"run {run.run_id} has no last batch yet: it is merged when that one comes")
    refusal = currency_refusal(run.end.currency, client.currency)
    if refusal is not None:
        await endings.fail(engine, client, run, "CURRENCY", refusal)
        return False
    dates = rows["date"].unique().to_list()
    outside = outside_kept_months(dates, datetime.now(UTC).date())
    if outside:
        shown = ", ".join(str(day) for day in outside[:5])
        await endings.fail(
            engine,
            client,
            run,
            "DATE_NOT_KEPT",
            f"rows are kept from {KEPT_MONTHS}, but the file has {shown}",
        )
        return False
    async with transaction(engine) as connection:
        await facts.ensure_months(connection, dates)
    return True


async def _resolve_again(
    connection: AsyncConnection, run: Run, rows: pl.DataFrame, lost: list[bytes]
) -> pl.DataFrame:
    """Creatives were deleted while the batches waited: their names are given keys anew."""
    paths = list(by_old_id(pl.concat([unpacked(names) for names in lost]).unique("creative_id")))
    made = await hierarchy.create(connection, run.client_id, run.source, run.account, {p for p, _ in paths})
    mapped = remapped(rows, {old: made[path] for path, old in paths})
    return to_grain([mapped.select("date", "creative_id", *METRICS)], run.run_no)[0]
