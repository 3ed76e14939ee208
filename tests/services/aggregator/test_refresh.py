"""A refresh on real PostgreSQL, compared with what PostgreSQL computes from the facts."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from datetime import date
from typing import Any, TypeAlias
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.errors import DatabaseBusy
from libs.metrics.measures import LARGEST_DAY, NumberTooLarge
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from services.aggregator.handlers.refresh import refresh
from services.aggregator.store.clients import UnknownClient
from tests.services.aggregator.recomputed import differences
from tests.services.aggregator.world import SOURCES, World, day

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def price(world: World, days: list[date], cpm: str = "5.5000") -> None:
    for source, on in itertools.product(SOURCES, days):
        await world.set_rate(source, on, cpm)


async def documents(world: World, period: str, start: date) -> dict[str, Any]:
    row = await world.connection.fetchrow(
        f"SELECT * FROM {period}ly_summaries WHERE client_id = $1 AND {period}_start = $2",
        world.client,
        start,
    )
    assert row is not None
    return {name: json.loads(value) for name, value in row.items() if isinstance(value, str)}


async def test_a_first_load_is_summed_up(world: World, engine: AsyncEngine) -> None:
    await price(world, [day(0)])
    await world.put(
        day(0), 1, impressions=1000, clicks=10, conversions=2, conversion_revenue_micros=9_000_000
    )
    await world.put(day(0), 4, impressions=3000, clicks=None, media_cost_micros=1_000_000)
    await refresh(engine, world.public_id, [day(0)])

    assert await differences(world.connection) == []
    rollup = await world.one("SELECT * FROM rollups WHERE client_id = $1")
    assert (rollup["rows"], rollup["impressions"], rollup["spend_e7"]) == (2, 4000, 220_000_000)
    assert (rollup["ctr_clicks"], rollup["ctr_impressions"]) == (10, 1000)
    week = await documents(world, "week", day(0))
    assert week["sums"] == {
        "days": 1,
        "impressions": 4000,
        "clicks": 10,
        "conversions": 2,
        "conversion_revenue": 9,
        "spend": 22,
        "video_completions": None,
    }
    assert week["ratios"]["ctr"] == 1
    assert week["ratios"]["coverage"]["ctr"] == 0.25
    assert week["deltas"]["reason"] == "no_previous_period"
    assert "media_cost" not in json.dumps(week)


@pytest.mark.parametrize("number", range(4))
async def test_any_sequence_of_changes_ends_at_the_facts(
    world: World, engine: AsyncEngine, number: int
) -> None:
    """Loads, corrections, removals and rates on days of several weeks and months, each announced."""
    seed = random.Random(number)
    for _ in range(12):
        touched = sorted({day(seed.choice((0, 2, 3, 6, 7, 12, 33, 34))) for _ in range(seed.randint(1, 3))})
        if seed.random() < 0.3:
            for on in touched:
                await world.set_rate(
                    seed.choice(SOURCES), on, seed.choice((None, "5.5", "0.0001", "1234.5678"))
                )
            await refresh(engine, world.public_id, touched, rows_changed=False)
        else:
            for on in touched:
                await (world.remove(on) if seed.random() < 0.15 else world.shuffle_day(on, seed))
            await refresh(engine, world.public_id, touched)
        assert await differences(world.connection) == []


async def test_a_wrong_rollup_is_found_by_the_comparison(world: World, engine: AsyncEngine) -> None:
    await price(world, [day(0)])
    await world.put(day(0), 1, impressions=1000)
    await refresh(engine, world.public_id, [day(0)])
    await world.put(day(0), 1, impressions=1001)
    found = await differences(world.connection)
    assert {line.split()[0].rstrip(":") for line in found} == {"rollups", "day", "week", "month"}


async def test_days_that_lost_their_rows_lose_everything(world: World, engine: AsyncEngine) -> None:
    await world.put(day(0), 1, impressions=1)
    await refresh(engine, world.public_id, [day(0)])
    await world.remove(day(0))
    await refresh(engine, world.public_id, [day(0)])
    for table in ("rollups", "rollup_blocks", "weekly_summaries", "monthly_summaries"):
        assert await world.value(f"SELECT count(*) FROM {table} WHERE client_id = $1") == 0


async def test_deltas_of_the_next_period_follow(world: World, engine: AsyncEngine) -> None:
    await world.put(day(0), 1, clicks=100)
    await world.put(day(7), 1, clicks=150)
    await refresh(engine, world.public_id, [day(7)])
    assert (await documents(world, "week", day(7)))["deltas"]["clicks_delta"] is None
    await refresh(engine, world.public_id, [day(0)])
    changes = (await documents(world, "week", day(7)))["deltas"]
    assert (changes["clicks_delta"], changes["clicks_delta_pct"]) == (50, 50)
    assert (changes["days"], changes["previous_days"]) == (1, 1)
    await world.remove(day(0))
    await refresh(engine, world.public_id, [day(0)])
    changes = (await documents(world, "week", day(7)))["deltas"]
    assert (changes["clicks_delta"], changes["reason"]) == (None, "no_previous_period")


async def test_the_same_again_writes_nothing_but_the_version(world: World, engine: AsyncEngine) -> None:
    await price(world, [day(0)])
    await world.put(day(0), 1, impressions=1000, clicks=3)
    await refresh(engine, world.public_id, [day(0)])
    written = "SELECT xmin::text FROM {} WHERE client_id = $1"
    tables = ("rollups", "rollup_blocks", "weekly_summaries", "monthly_summaries")
    before = [await world.value(written.format(table)) for table in tables]
    await refresh(engine, world.public_id, [day(0)])
    assert [await world.value(written.format(table)) for table in tables] == before
    assert await world.value("SELECT version FROM data_versions WHERE client_id = $1") == 2


async def test_a_load_that_changed_nothing_raises_the_version_alone(
    world: World, engine: AsyncEngine
) -> None:
    await refresh(engine, world.public_id, [])
    assert await world.value("SELECT version FROM data_versions WHERE client_id = $1") == 1
    assert await world.connection.fetchval("SELECT count(*) FROM outbox") == 0


async def test_it_is_announced_in_the_same_transaction(world: World, engine: AsyncEngine) -> None:
    await world.put(day(2), 1, impressions=1)
    await world.put(day(3), 1, impressions=1)
    await refresh(engine, world.public_id, [day(3), day(2), day(3)])
    row = await world.connection.fetchrow("SELECT service, routing_key, body FROM outbox")
    assert row is not None
    assert (row["service"], row["routing_key"]) == ("aggregator", "summaries.updated")
    assert json.loads(row["body"]) == {
        "client_id": str(world.public_id),
        "data_version": 1,
        "dates": ["2026-09-30", "2026-10-01"],
        "weeks": ["2026-09-28"],
        "months": ["2026-09-01", "2026-10-01"],
    }


async def test_clients_do_not_mix(world: World, engine: AsyncEngine) -> None:
    other = await World(world.connection).make("Other")
    await world.put(day(0), 1, impressions=1)
    await other.put(day(0), 1, impressions=2)
    await refresh(engine, other.public_id, [day(0)])
    assert await world.value("SELECT count(*) FROM rollups WHERE client_id = $1") == 0
    await refresh(engine, world.public_id, [day(0)])
    assert await differences(world.connection) == []


async def test_a_client_that_does_not_exist_is_terminal(world: World, engine: AsyncEngine) -> None:
    with pytest.raises(UnknownClient, match="there is no client"):
        await refresh(engine, uuid4(), [day(0)])


async def test_thresholds_are_the_clients(owner: Connection, engine: AsyncEngine) -> None:
    strict = await World(owner).make("Strict", '{"thresholds": {"spend_over": 1, "ctr_below": 2}}')
    await price(strict, [day(0)])
    await strict.put(day(0), 1, impressions=1000, clicks=10, conversions=0)
    await refresh(engine, strict.public_id, [day(0)])
    (poor,) = (await documents(strict, "week", day(0)))["underperformers"]
    assert poor["reason"] == "CTR 1.00 % is under 2 %, spend 5.50 is over 1, conversions 0 are fewer than 5"


async def test_sums_that_do_not_fit_are_refused(world: World, engine: AsyncEngine) -> None:
    for creative in (1, 2):
        await world.put(day(0), creative, impressions=2**62)
    with pytest.raises(NumberTooLarge):
        await refresh(engine, world.public_id, [day(0)])
    assert await world.value("SELECT count(*) FROM rollup_blocks WHERE client_id = $1") == 0


async def test_a_month_of_the_largest_days_of_every_source_fits(world: World, engine: AsyncEngine) -> None:
    """LARGEST_DAY is what loader and gateway let in of each source; a rate far above it stops a month."""
    month = [date(2026, 10, number) for number in range(1, 32)]
    for on in month:
        for creative, source in ((1, "surfside"), (2, "vibe"), (3, "facebook")):
            await world.put(on, creative, impressions=LARGEST_DAY // 10_000)
            await world.set_rate(source, on, "1")
    await refresh(engine, world.public_id, month)
    assert await differences(world.connection) == []
    assert await world.value("SELECT sum(spend_e7) FROM rollups WHERE client_id = $1") == 93 * LARGEST_DAY
    for on in month:
        await world.put(on, 1, impressions=10**9)
        await world.set_rate("surfside", on, "999999")
    with pytest.raises(NumberTooLarge):
        await refresh(engine, world.public_id, month)


async def test_a_repricing_reads_blocks_and_mends_broken_ones(world: World, engine: AsyncEngine) -> None:
    for on in (day(0), day(1)):
        await world.put(on, 1, impressions=1000, clicks=5)
    await refresh(engine, world.public_id, [day(0), day(1)])
    await world.connection.execute("UPDATE rollup_blocks SET payload = 'x' WHERE start_date = $1", day(1))
    await price(world, [day(0), day(1)], "2.5")
    await refresh(engine, world.public_id, [day(0), day(1)], rows_changed=False)
    assert await differences(world.connection) == []


async def waiting_for_locks(connection: Connection) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock' AND application_name = 'aggregator'"
        )
    )


async def test_what_is_committed_while_it_waits_its_turn_is_seen(
    world: World, engine: AsyncEngine, database: Database
) -> None:
    """Trap 19: a snapshot from before the lock gives a rollup of 10 over facts of 15, for good."""
    await world.put(day(0), 1, impressions=10)
    holder = await asyncpg.connect(database.owner_url)
    await holder.execute("SELECT pg_advisory_lock(hashtext('refresh'), $1)", world.client)
    task = asyncio.create_task(refresh(engine, world.public_id, [day(0)]))
    await eventually(lambda: waiting_for_locks(world.connection), what="the refresh waits")
    await world.put(day(0), 1, impressions=15)
    await holder.close()
    await task
    assert await world.value("SELECT impressions FROM rollups WHERE client_id = $1") == 15


async def test_a_refresh_never_mixes_two_states(
    world: World, engine: AsyncEngine, database: Database
) -> None:
    """A load commits while a refresh writes its first day: the days after are read as they were before."""
    days = [day(n) for n in range(4)]
    for on in days:
        await world.put(on, 1, impressions=10)
    holder = await asyncpg.connect(database.owner_url)
    blocking = holder.transaction()
    await blocking.start()
    await holder.execute("LOCK TABLE rollup_blocks IN SHARE ROW EXCLUSIVE MODE")
    task = asyncio.create_task(refresh(engine, world.public_id, days))
    await eventually(lambda: waiting_for_locks(world.connection), what="the refresh waits")
    async with world.connection.transaction():
        for on in days:
            await world.put(on, 1, impressions=99)
    await blocking.rollback()
    await task
    rows = await world.connection.fetch("SELECT impressions FROM rollups")
    assert [row["impressions"] for row in rows] == [10] * 4
    await refresh(engine, world.public_id, days)
    assert await differences(world.connection) == []
    await holder.close()


async def test_refreshes_of_one_client_take_turns(world: World, engine: AsyncEngine) -> None:
    seed = random.Random(3)
    for number in range(10):
        await world.shuffle_day(day(number), seed)
    await asyncio.gather(*(refresh(engine, world.public_id, [day(n), day(n + 1)]) for n in range(4)))
    await asyncio.gather(*(refresh(engine, world.public_id, [day(n) for n in range(10)]) for _ in range(2)))
    assert await differences(world.connection) == []
    assert await world.value("SELECT version FROM data_versions WHERE client_id = $1") == 6


async def test_a_lost_connection_is_transient(world: World, engine: AsyncEngine, database: Database) -> None:
    await world.put(day(0), 1, impressions=10)
    holder = await asyncpg.connect(database.owner_url)
    await holder.execute("SELECT pg_advisory_lock(hashtext('refresh'), $1)", world.client)
    task = asyncio.create_task(refresh(engine, world.public_id, [day(0)]))
    await eventually(lambda: waiting_for_locks(world.connection), what="the refresh waits")
    await world.connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'aggregator'"
    )
    with pytest.raises(DatabaseBusy):
        await task
    await holder.close()
    await refresh(engine, world.public_id, [day(0)])
    assert await differences(world.connection) == []


async def test_a_turn_that_does_not_come_is_transient(
    world: World, engine: AsyncEngine, database: Database
) -> None:
    holder = await asyncpg.connect(database.owner_url)
    await holder.execute("SELECT pg_advisory_lock(hashtext('refresh'), $1)", world.client)
    with pytest.raises(DatabaseBusy, match="lock timeout"):
        await refresh(engine, world.public_id, [day(0)])
    await holder.close()


async def test_creatives_that_were_deleted_meanwhile_do_not_stop_other_days(
    world: World, engine: AsyncEngine
) -> None:
    """The deletion commits and announces its days; another day of the week is refreshed first."""
    for creative, on in ((1, day(0)), (24, day(0)), (1, day(1))):
        await world.put(on, creative, impressions=10, conversions=1)
    await refresh(engine, world.public_id, [day(0), day(1)])
    await world.remove(day(0), [24])
    await world.connection.execute("DELETE FROM creatives WHERE id = 24")
    await refresh(engine, world.public_id, [day(1)])
    await refresh(engine, world.public_id, [day(0)])
    assert await differences(world.connection) == []


async def test_the_role_is_enough(world: World, engine: AsyncEngine) -> None:
    """The engine connects as the aggregator's own role, which sees all clients and writes its tables only."""
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        assert await raw.fetchval("SELECT current_user") == "tidemark_aggregator"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("DELETE FROM daily_metrics")
