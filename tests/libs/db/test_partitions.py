"""Months: made on demand, once, however many ask at the same time, and in nobody's way."""

from __future__ import annotations

import asyncio
from datetime import date

import asyncpg
import pytest

from libs.testing.databases import Database


async def test_many_ask_for_the_same_month_at_once_and_one_makes_it(database: Database) -> None:
    async def ask(day: date) -> bool:
        connection = await asyncpg.connect(database.url_of("loader"))
        try:
            return bool(await connection.fetchval("SELECT ensure_month($1)", day))
        finally:
            await connection.close()

    today = date.today()  # noqa: DTZ011 - of the server, which is this machine
    made = await asyncio.gather(*(ask(today) for _ in range(12)))
    assert sorted(made) == [False] * 11 + [True]


async def test_a_month_that_is_made_waits_for_no_reader_and_no_reader_for_it(database: Database) -> None:
    reader = await asyncpg.connect(database.url_of("aggregator"))
    loader = await asyncpg.connect(database.url_of("loader"))
    other = await asyncpg.connect(database.url_of("aggregator"))
    try:
        await loader.execute("SELECT ensure_month(current_date)")
        for connection in (reader, loader, other):
            await connection.execute("SET lock_timeout = '2s'")
        async with reader.transaction():
            await reader.fetch("SELECT count(*) FROM daily_metrics")
            async with loader.transaction():
                last_month = (
                    "SELECT ensure_month((date_trunc('month', current_date) - interval '1 day')::date)"
                )
                assert await loader.fetchval(last_month) is True
                await other.fetch("SELECT count(*) FROM daily_metrics")
    finally:
        for connection in (reader, loader, other):
            await connection.close()


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        ("date_trunc('month', current_date) - interval '37 months'", True),
        ("date_trunc('month', current_date) - interval '37 months 1 day'", False),
        ("date_trunc('month', current_date) + interval '2 months' - interval '1 day'", True),
        ("date_trunc('month', current_date) + interval '2 months'", False),
        ("date '0001-01-01'", False),
        ("date '9999-12-31'", False),
        ("date 'infinity'", False),
    ],
)
async def test_months_are_kept_from_37_back_to_one_ahead(database: Database, day: str, allowed: bool) -> None:
    connection = await asyncpg.connect(database.url_of("loader"))
    try:
        if allowed:
            assert await connection.fetchval(f"SELECT ensure_month(({day})::date)") is True
            return
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(f"SELECT ensure_month(({day})::date)")
    finally:
        await connection.close()


async def test_a_partition_holds_its_month_and_inherits_the_rules(database: Database) -> None:
    owner = await asyncpg.connect(database.owner_url)
    try:
        await owner.execute("SELECT ensure_month(current_date)")
        bounds = await owner.fetchval(
            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition AND relkind = 'r'"
        )
        first = date.today().replace(day=1)  # noqa: DTZ011
        assert f"FROM ('{first}')" in bounds
        row = (
            "INSERT INTO daily_metrics (client_id, date, creative_id, run_no, clicks) "
            "VALUES (1, $1, 1, 1, $2)"
        )
        await owner.execute(row, first, 5)
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(row, first, -1)
        with pytest.raises(asyncpg.UniqueViolationError):
            await owner.execute(row, first, 5)
    finally:
        await owner.close()
