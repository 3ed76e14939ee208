"""Undo, re-pricing and deletion: what people do to numbers that stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import HierarchyDeleted, RateChanged, RowsRepriced, RunLoaded
from libs.bus import outbox
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.metrics.rows import packed, unpacked
from services.loader.frames import empty_rows
from services.loader.frames.runs import NOTHING, totals
from services.loader.handlers.merging import find
from services.loader.rules import UNDOABLE, priced, rate_of, refuse_too_large, repriced
from services.loader.store import displaced, facts, hierarchy, ledger, removal, runs, slices, staging
from services.loader.store.displaced import Displaced
from services.loader.store.removal import Level
from services.loader.store.runs import Client, Outcome, Run
from services.loader.store.slices import Slice

log = structlog.get_logger()

TABLES = {
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}


async def undo_run(
    engine: AsyncEngine, public_id: UUID, run_id: UUID, *, default_cpm: Decimal | None = None
) -> None:
    """Put back what a run displaced, for the dates that nothing touched since; say which it could not.

    Raises TooLarge where a rate that was set since makes too much of what comes back.
    """
    async with transaction(engine) as connection:
        client, seen = await find(connection, public_id, run_id)
    async with transaction(engine) as connection:
        await slices.take_turn(connection, client.id, seen.source)
        run = await runs.find_run(connection, client.id, run_id, lock=True)
        if run is None or run.status not in UNDOABLE:
            log.info("nothing to undo", run_id=str(run_id), status=run and run.status)
            return
        creatives = await hierarchy.creatives_of(connection, client.id, run.source, run.account)
        slice_ = Slice(client.id, run.source, run.account, creatives)
        kept = await displaced.of_run(connection, slice_, run.run_no)
        undone = [item.day for item in kept if await _undo_day(connection, slice_, run, item, default_cpm)]
        await _end_undo(connection, client, run, undone, [d.day for d in kept if d.day not in undone])


async def _undo_day(
    connection: AsyncConnection, slice_: Slice, run: Run, kept: Displaced, default_cpm: Decimal | None
) -> bool:
    """Undo one date; false where a later run stands there."""
    head = (await slices.heads(connection, slice_, [kept.day])).get(kept.day)
    covers = run.end is not None and kept.day in run.end.coverage
    if covers and (head is None or head.order.run_no != run.run_no):
        return False
    if await ledger.touched_since(connection, slice_, run.run_no, kept.day):
        return False
    standing = await facts.standing_rows(connection, slice_, kept.day)
    back = unpacked(kept.rows) if kept.rows is not None else empty_rows()
    mine = standing.filter(pl.col("run_no") == run.run_no)
    await facts.delete_rows(connection, slice_, kept.day, mine["creative_id"].to_list())
    await facts.add_rows(connection, slice_.client_id, back)
    after = pl.concat([standing.filter(pl.col("run_no") != run.run_no), back])
    cpms = await ledger.price_days(connection, slice_.client_id, slice_.source, [kept.day], default_cpm)
    cpm = cpms[kept.day]
    refuse_too_large(kept.day, totals(after).sums, cpm)
    await ledger.write(
        connection,
        slice_,
        kept.day,
        kind="undo",
        run_no=run.run_no,
        before=priced(totals(standing), cpm),
        after=priced(totals(after), cpm),
    )
    if kept.head_before is not None:
        await slices.put_head(connection, slice_, kept.day, kept.head_before)
    else:
        await slices.drop_head(connection, slice_, kept.day)
        await _stand_in_part(connection, slice_, kept.day, after)
    await displaced.forget(connection, slice_.client_id, run.run_no, kept.day)
    return True


async def _stand_in_part(connection: AsyncConnection, slice_: Slice, day: date, rows: pl.DataFrame) -> None:
    """No delivery covers the day any more: it is there in part, while others have rows on it."""
    orders = await slices.orders(connection, slice_.client_id, rows["run_no"].unique().to_list())
    for order in orders.values():
        await slices.put_part(connection, slice_, day, order)


async def _end_undo(
    connection: AsyncConnection, client: Client, run: Run, undone: Sequence[date], refused: Sequence[date]
) -> None:
    warnings: tuple[dict[str, object], ...] = ()
    if refused or not undone:
        said = (
            "a later run changed these dates, or what was displaced is no longer kept: they stay as they are"
        )
        warnings = ({"code": "NOT_UNDONE", "message": said, "dates": [str(day) for day in refused]},)
    status = "undone" if undone else run.status
    await runs.note_undo(connection, run, Outcome(status, warnings=warnings))
    if undone:
        await removal.clean_later(connection, client.id)
        event = RunLoaded(
            client_id=client.public_id,
            run_id=run.run_id,
            source=run.source,
            status="undone",
            run_date=run.run_date,
            dates=list(undone),
        )
        await outbox.put(connection, "loader", "run.loaded", event)


async def reprice(engine: AsyncEngine, changed: RateChanged, *, default_cpm: Decimal | None = None) -> None:
    """Write the rates now in force into day_rates, and the ledger; no row of the facts is touched.

    Raises TooLarge, with every day as it was: the gateway refuses such a rate, but sees days a little late.
    """
    async with transaction(engine) as connection:
        client = await runs.find_client(connection, changed.client_id)
        if client is None:
            raise Terminal(f"no client {changed.client_id}: its rates cannot change")
        sources = (
            [changed.source] if changed.source else await ledger.sources_with_rows(connection, client.id)
        )
    if not sources:
        return
    async with transaction(engine) as connection:
        # All in one: the summaries of a day are made of all sources, and are made anew once for each message.
        dates: set[date] = set()
        for source in sorted(sources):  # in one order, or two of these could wait for each other
            await slices.take_turn(connection, client.id, source)
            dates |= await _reprice_source(connection, client, source, changed, default_cpm)
        if dates:
            only = sources[0] if len(sources) == 1 else None
            event = RowsRepriced(client_id=client.public_id, source=only, dates=sorted(dates))
            await outbox.put(connection, "loader", "rows.repriced", event)


async def _reprice_source(
    connection: AsyncConnection,
    client: Client,
    source: str,
    changed: RateChanged,
    default_cpm: Decimal | None,
) -> set[date]:
    """The dates whose rate is another one now."""
    start, end = changed.start_date, changed.end_date
    cpms = await ledger.reprice(connection, client.id, source, start, end, default_cpm)
    if cpms:
        for day, account, kept in await ledger.latest_totals(connection, client.id, source, cpms):
            slice_ = Slice(client.id, source, account)
            refuse_too_large(day, {"impressions": kept.get("impressions")}, cpms[day])
            after = repriced(kept, cpms[day])
            await ledger.write(
                connection, slice_, day, kind="repricing", run_no=None, before=kept, after=after
            )
    return set(cpms)


async def delete_level(engine: AsyncEngine, deleted: HierarchyDeleted) -> None:
    """Delete a level with everything below it; a no-op when it is gone."""
    table = TABLES[deleted.level]
    async with transaction(engine) as connection:
        client = await runs.find_client(connection, deleted.client_id)
        seen = None if client is None else await removal.find_level(connection, client.id, table, deleted.id)
    if client is None or seen is None:
        log.info("nothing to delete", level=deleted.level, id=str(deleted.id))
        return
    async with transaction(engine) as connection:
        await slices.take_turn(connection, client.id, seen.source)
        level = await removal.find_level(connection, client.id, table, deleted.id)
        if level is not None:
            await _delete(connection, client, level, deleted.id)


async def _delete(connection: AsyncConnection, client: Client, level: Level, public_id: UUID) -> None:
    slice_ = Slice(client.id, level.source, level.account)
    await removal.take_levels(connection, client.id)
    await _keep_names(connection, client, level)
    dates = await facts.delete_creatives(connection, client.id, level.creatives)
    if level.table == "campaigns":
        await facts.delete_rollups(connection, client.id, level.id)
    await removal.delete_level(connection, client.id, level)
    if not dates:
        return
    await slices.forget_digests(connection, client.id, level.source, dates)
    after = await facts.totals_by_date(connection, slice_, dates)
    for day, account, kept in await ledger.latest_totals(connection, client.id, level.source, dates):
        if account == level.account:
            left = priced(after.get(day, NOTHING), rate_of(kept))
            await ledger.write(connection, slice_, day, kind="deletion", run_no=None, before=kept, after=left)
    # Rows are gone, not only prices: the aggregator has to read them again. There is no run to name.
    event = RunLoaded(
        client_id=client.public_id, run_id=public_id, source=level.source, status="deleted", dates=dates
    )
    await outbox.put(connection, "loader", "run.loaded", event)


async def _keep_names(connection: AsyncConnection, client: Client, level: Level) -> None:
    """Batches that wait have keys that are about to go: their names are kept, and given keys again later."""
    gone = pl.Series(level.creatives, dtype=pl.Int32)
    async for batch in staging.waiting(connection, client.id, level.source):
        ids = unpacked(batch.payload)["creative_id"].unique()
        ids = ids.filter(ids.is_in(gone.implode()))
        if len(ids):
            names = await hierarchy.names_of(connection, client.id, ids.to_list())
            names = names.rename({"id": "creative_id"})
            both = names if batch.names is None else pl.concat([unpacked(batch.names), names])
            await staging.keep_names(connection, client.id, batch, packed(both))
