"""Batches on arrival: once, whole, and what is wrong with them said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import LEVELS, MetricsBatch, RunEnd
from contracts.load.v1 import HierarchyDeleted
from libs.connector.batches import Batcher, BatchHead
from libs.db.engine import transaction
from services.loader.frames.batches import BadBatch
from services.loader.handlers.corrections import delete_level
from services.loader.handlers.housekeeping import Keeping, clean_hierarchies, forget_old, look_for_stalled
from services.loader.handlers.merging import RunNotThere, merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.handlers.staging import Contradiction, UnknownClient, stage_batch
from tests.services.loader.deliveries import DAY, Delivery, batches_of, load, standing, status_of

ROWS = tuple((DAY, name, n) for n, name in enumerate("abcdefg", 1))


def changed(batch: MetricsBatch, **columns: object) -> MetricsBatch:
    """The batch with other columns, unvalidated as a hand-typed one may be."""
    return batch.model_copy(update={"columns": {**batch.columns, **columns}, "digest": None})


async def staged(engine: AsyncEngine) -> tuple[int, int]:
    """(run.staged announcements, batches staged)."""
    async with transaction(engine) as connection:
        announced = await connection.execute(
            text("SELECT count(*) FROM outbox WHERE routing_key = 'run.staged'")
        )
        kept = await connection.execute(text("SELECT count(*) FROM staging_media_raw"))
        return announced.scalar_one(), kept.scalar_one()


async def test_a_batch_counts_once_and_the_last_one_to_come_announces(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first, second, third = batches_of(client, Delivery(1, ROWS), 3)
    for batch in (third, third, first):
        await stage_batch(engine, resolver, batch)
    assert await staged(engine) == (0, 2)
    await asyncio.gather(*(stage_batch(engine, resolver, batch) for batch in (first, second, second, third)))
    assert await staged(engine) == (1, 3)


async def test_two_loaders_that_stage_the_last_two_batches_at_once_announce_once(
    engine: AsyncEngine, client: UUID
) -> None:
    for _ in range(10):
        batches = batches_of(client, Delivery(1, ROWS), 1)
        loaders = [Resolver(engine) for _ in batches]
        await asyncio.gather(
            *(stage_batch(engine, loader, batch) for loader, batch in zip(loaders, batches, strict=True))
        )
        assert (await staged(engine))[0] == 1
        await merge_run(engine, loaders[0], client, batches[0].run_id)
        async with transaction(engine) as connection:
            await connection.execute(text("DELETE FROM outbox WHERE true"))


async def test_the_same_batch_with_other_content_is_terminal(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    first = batches_of(client, Delivery(1, ROWS), 3)[0]
    await stage_batch(engine, resolver, first)
    with pytest.raises(Contradiction, match="never changes"):
        await stage_batch(engine, resolver, changed(first, impressions=[9, 9, 9]))
    with pytest.raises(Contradiction, match="vibe"):
        await stage_batch(
            engine,
            resolver,
            batches_of(client, Delivery(1, ROWS), 3)[1].model_copy(
                update={"run_id": first.run_id, "source": "vibe"}
            ),
        )


async def test_a_copy_typed_without_the_digest_is_the_same_batch(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    """As the management page has it: the columns in their order, spaces between, no digest."""
    head = BatchHead(
        run_id=uuid4(),
        client_id=client,
        source="surfside",
        delivered_at=datetime(2026, 3, 2, tzinfo=UTC),
        run_date=DAY,
    )
    batcher = Batcher(head)
    rows = {"row_number": [2], "date": [DAY], "impressions": [7], "clicks": [1]}
    assert not list(batcher.add(pl.DataFrame({**rows, **{level: ["Café \U0001f600"] for level in LEVELS}})))
    sent = batcher.finish(RunEnd(batch_count=1, coverage=[DAY]))[0]
    typed = orjson.dumps(
        {name: value for name, value in orjson.loads(sent).items() if name != "digest"},
        option=orjson.OPT_INDENT_2,
    )
    for body in (sent, typed):
        await stage_batch(engine, resolver, MetricsBatch.model_validate_json(body))
    assert await staged(engine) == (1, 1)


async def test_a_batch_of_an_ended_run_is_a_no_op(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    delivery = Delivery(1, ROWS)
    await load(engine, resolver, client, delivery)
    await stage_batch(engine, resolver, batches_of(client, delivery, 3)[0])
    await merge_run(engine, resolver, client, delivery.run_id)
    assert (await staged(engine))[1] == 0
    assert await standing(engine, client) == set(ROWS)


async def test_an_unknown_client_and_an_unknown_run_are_terminal(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    with pytest.raises(UnknownClient, match="create it first"):
        await stage_batch(engine, resolver, batches_of(uuid4(), Delivery(1, ROWS))[0])
    with pytest.raises(RunNotThere):
        await merge_run(engine, resolver, client, uuid4())


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [
        ("impressions", [1.5, 2, 3], "integers"),
        ("impressions", ["1", 2, 3], "integers"),
        ("impressions", [True, 2, 3], "true or false"),
        ("impressions", [-1, 2, 3], "negative"),
        ("impressions", [10**16, 2, 3], "above"),
        ("impressions", [10**30, 2, 3], "integers"),
        ("clicks", [{}, 2, 3], "integers"),
        ("date", ["2026-02-30", "2026-01-01", "2026-01-01"], "date"),
        ("date", [None, "2026-01-01", "2026-01-01"], "date"),
        ("date", [5, 6, 7], "date"),
        ("creative", [99, 3, 3], "outside names"),
        ("creative", [-1, 3, 3], "outside names"),
        ("creative", [None, 3, 3], "none"),
    ],
)
async def test_columns_that_are_no_rows_are_terminal_with_a_reason(
    engine: AsyncEngine, resolver: Resolver, client: UUID, column: str, values: list[object], says: str
) -> None:
    batch = batches_of(client, Delivery(1, ROWS), 3)[0]
    with pytest.raises(BadBatch, match=says):
        await stage_batch(engine, resolver, changed(batch, **{column: values}))
    assert (await staged(engine))[1] == 0


async def campaign_of(engine: AsyncEngine, client: UUID) -> UUID:
    async with transaction(engine) as connection:
        found = await connection.execute(text("SELECT public_id FROM campaigns"))
        public_id: UUID = found.scalar_one()
        return public_id


async def test_a_deletion_between_staging_and_merge_is_survived(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ROWS))
    late = Delivery(2, (*ROWS, (DAY, "new", 1)))
    for batch in batches_of(client, late, 3):
        await stage_batch(engine, resolver, batch)
    campaign = await campaign_of(engine, client)
    await delete_level(engine, HierarchyDeleted(client_id=client, level="campaign", id=campaign))
    assert await standing(engine, client) == set()
    await merge_run(engine, resolver, client, late.run_id)
    assert await standing(engine, client) == set(late.rows)
    assert await campaign_of(engine, client) != campaign
    assert await load(engine, resolver, client, Delivery(3, late.rows)) == "unchanged"


async def test_a_deleted_creative_takes_its_rows_and_no_others(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ROWS))
    async with transaction(engine) as connection:
        found = await connection.execute(text("SELECT public_id FROM creatives WHERE name = 'c'"))
        creative = found.scalar_one()
    deletion = HierarchyDeleted(client_id=client, level="creative", id=creative)
    await delete_level(engine, deletion)
    await delete_level(engine, deletion)
    assert await standing(engine, client) == set(ROWS) - {(DAY, "c", 3)}
    async with transaction(engine) as connection:
        line = (
            await connection.execute(
                text("SELECT kind, totals_after FROM slice_ledger ORDER BY id DESC LIMIT 1")
            )
        ).one()
    assert (line.kind, line.totals_after["rows"], line.totals_after["impressions"]) == ("deletion", 6, 25)


async def test_a_run_that_a_later_delivery_passed_over_is_not_stalled(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    """Its file was replaced before it was read to its end: nobody has to look for it."""
    replaced = Delivery(1, ((DAY, "a", 1), (DAY, "b", 1)))
    await stage_batch(engine, resolver, batches_of(client, replaced, size=1)[0])
    await load(engine, resolver, client, Delivery(2, ((DAY, "a", 2),)))
    async with transaction(owner) as connection:
        await connection.execute(text("UPDATE ingestion_logs SET last_batch_at = now() - interval '2 hours'"))
    kept = Keeping(stalled_after_minutes=60, staging_days=14, displaced_days=35)
    assert await look_for_stalled(engine, kept) == 0
    assert await status_of(engine, replaced.run_id) == "superseded"


async def test_a_run_that_stopped_coming_is_stalled_told_once_and_goes_on(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    delivery = Delivery(1, ROWS)
    first, *rest = batches_of(client, delivery, 3)
    await stage_batch(engine, resolver, first)
    kept = Keeping(stalled_after_minutes=60, staging_days=14, displaced_days=35)
    assert await look_for_stalled(engine, kept) == 0
    async with transaction(engine) as connection:
        await connection.execute(
            text("UPDATE ingestion_logs SET last_batch_at = now() - interval '61 minutes'")
        )
    assert await look_for_stalled(engine, kept) == 1
    assert await look_for_stalled(engine, kept) == 0
    await forget_old(engine, kept)
    assert await status_of(engine, delivery.run_id) == "stalled"
    for batch in rest:
        await stage_batch(engine, resolver, batch)
    await merge_run(engine, resolver, client, delivery.run_id)
    assert await status_of(engine, delivery.run_id) == "loaded"
    assert await standing(engine, client) == set(ROWS)


async def test_staging_of_runs_that_ended_elsewhere_is_forgotten(
    engine: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await stage_batch(engine, resolver, batches_of(client, Delivery(1, ROWS), 3)[0])
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE ingestion_logs SET status = 'failed'"))
    await forget_old(engine, Keeping(60, 14, 35))
    assert (await staged(engine))[1] == 0


async def test_levels_without_rows_go_unless_somebody_edited_them_or_may_undo(
    engine: AsyncEngine, owner: AsyncEngine, resolver: Resolver, client: UUID
) -> None:
    await load(engine, resolver, client, Delivery(1, ROWS))
    async with transaction(owner) as connection:
        await connection.execute(text("UPDATE creatives SET label = 'kept' WHERE name = 'a'"))
    await load(engine, resolver, client, Delivery(2, ROWS[2:]))
    assert await cleaned(engine) == list("abcdefg")
    async with transaction(engine) as connection:
        await connection.execute(text("DELETE FROM displaced_rows"))
    async with transaction(owner) as connection:
        await connection.execute(text("UPDATE hierarchy_counters SET cleaned_at = now() - interval '2 days'"))
    assert await cleaned(engine) == list("acdefg")
    assert await load(engine, resolver, client, Delivery(3, ROWS)) == "loaded"
    assert await standing(engine, client) == set(ROWS)


async def cleaned(engine: AsyncEngine) -> list[str]:
    """Creatives that are left after cleaning."""
    await clean_hierarchies(engine)
    async with transaction(engine) as connection:
        return list((await connection.execute(text("SELECT name FROM creatives ORDER BY 1"))).scalars())
