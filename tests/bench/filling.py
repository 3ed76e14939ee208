"""Clients of 13 months put straight into the tables; the aggregator itself then sums them up.

What the loader would have left of each delivery is there, too: runs, standing deliveries, the ledger, the
rates of the days. Only staging and the resolving of names are left out, which bench-ingest measures.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import polars as pl

from contracts.summarise.v1 import SummariesRequested
from deploy.demo.stack import Stack
from libs.bus import Bus
from libs.metrics.measures import FACTS
from libs.settings import BusSettings
from libs.testing.waiting import eventually
from tests.bench.made import CAMPAIGNS, PLACEMENTS, SOURCES, STRATEGIES, Maker

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CPM = Decimal("12.5")
"""In force from long ago."""
BATCH_ROWS = 150_000
SUMMED_WITHIN = 3600.0
_COLUMNS = ("client_id", "date", "creative_id", "run_no", *FACTS)


@dataclass(frozen=True)
class Client:
    """A client as it stands in the database, and what makes its rows."""

    id: int
    public_id: UUID
    maker: Maker


async def fill(stack: Stack, owner: Owner, makers: Sequence[Maker]) -> dict[str, float]:
    """Put clients into an empty, migrated database; returns the seconds of each step."""
    began = time.monotonic()
    for maker in makers:
        await _add(stack.owner_url, owner, maker)
    await owner.execute("SELECT setval(pg_get_serial_sequence('ingestion_logs', 'run_no'), 10000000)")
    copied = time.monotonic()
    await sum_up(stack, owner)
    summed = time.monotonic()
    await owner.execute("VACUUM (ANALYZE)")  # as it would be a night later
    return {
        "rows": round(copied - began, 1),
        "aggregator": round(summed - copied, 1),
        "vacuum": round(time.monotonic() - summed, 1),
    }


async def clients_of(owner: Owner, makers: Sequence[Maker]) -> list[Client]:
    """The clients that these makers made."""
    rows = await owner.fetch("SELECT id, public_id, name FROM clients")
    known = {row["name"]: row for row in rows}
    return [Client(known[m.name]["id"], known[m.name]["public_id"], m) for m in makers]


async def forget_client(owner: Owner, name: str) -> None:
    """Delete every row of a client of this name, if there is one."""
    client = await owner.fetchval("SELECT id FROM clients WHERE name = $1", name)
    if client is None:
        return
    tables = await owner.fetch(_TABLES_OF_CLIENTS)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")  # whatever refers to whatever
        for table in tables:
            await owner.execute(f"DELETE FROM {table['name']} WHERE client_id = $1", client)
        await owner.execute("DELETE FROM clients WHERE id = $1", client)


_TABLES_OF_CLIENTS = """
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'client_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relnamespace = 'public'::regnamespace
"""


async def sum_up(stack: Stack, owner: Owner) -> None:
    """Have the real aggregator make rollups, blocks and summaries of everything."""
    stack.start("aggregator")
    bus = Bus(BusSettings(rabbitmq_url=stack.rabbitmq_url), "console")
    try:
        await stack.ready()
        await bus.publish("summaries.requested", SummariesRequested())
        await eventually(
            lambda: owner.fetchval(_ALL_SUMMED), within=SUMMED_WITHIN, every=0.2, what="everything summed up"
        )
    finally:
        await bus.stop()
        stack.stop()
    assert await owner.fetchval(_SAME_ROWS), "rollups do not have as many rows as the deliveries"


_ALL_SUMMED = """
    SELECT bool_and(coalesce(v.version, 0) >= l.months)
    FROM (SELECT client_id, count(DISTINCT date_trunc('month', run_date)) AS months
          FROM ingestion_logs GROUP BY 1) l
    LEFT JOIN data_versions v USING (client_id)
"""
"""One refresh for each month of each client."""

_SAME_ROWS = """
    SELECT (SELECT sum(rows) FROM rollups) = (SELECT sum(rows_loaded) FROM ingestion_logs)
    AND (SELECT sum(rows) FROM rollup_blocks WHERE period = 'day')
        = (SELECT sum(rows_loaded) FROM ingestion_logs)
"""


async def _add(url: str, owner: Owner, maker: Maker) -> None:
    async with owner.transaction():
        client: int = await owner.fetchval(
            "INSERT INTO clients (name, currency) VALUES ($1, 'USD') RETURNING id", maker.name
        )
        await owner.execute(
            "INSERT INTO client_settings (client_id, cpm, currency, effective_date) "
            "VALUES ($1, $2, 'USD', '2020-01-01')",
            client,
            CPM,
        )
        for statement in _HIERARCHY:
            await owner.execute(statement.format(client=client, creatives=maker.keys))
        await owner.executemany(_RUN, await asyncio.to_thread(_runs, client, maker))
        for statement in _AFTER_RUNS:
            await owner.execute(statement, client)
        for month in sorted({day.replace(day=1) for day in maker.every_day()}):
            await owner.fetchval("SELECT ensure_month($1)", month)
    days = maker.every_day()
    await asyncio.gather(*(_copy(url, client, maker, days[half::2]) for half in (0, 1)))


_HIERARCHY = (
    "INSERT INTO campaigns (client_id, id, source, name) SELECT {client}, n, CASE "
    "WHEN n IN (17, 18) THEN 'vibe' WHEN n IN (19, 20) THEN 'facebook' ELSE 'surfside' END, "
    f"'Campaign no. ' || n FROM generate_series(1, {CAMPAIGNS}) n",
    "INSERT INTO strategies (client_id, id, campaign_id, name) "
    f"SELECT {{client}}, n, (n - 1) % {CAMPAIGNS} + 1, 'Strategy no. ' || n "
    f"FROM generate_series(1, {STRATEGIES}) n",
    "INSERT INTO placements (client_id, id, strategy_id, name) "
    f"SELECT {{client}}, n, (n - 1) % {STRATEGIES} + 1, 'Placement no. ' || n "
    f"FROM generate_series(1, {PLACEMENTS}) n",
    "INSERT INTO creatives (client_id, id, placement_id, name) "
    f"SELECT {{client}}, n, (n - 1) % {PLACEMENTS} + 1, 'Creative 300x250 no. ' || n "
    "FROM generate_series(1, {creatives}) n",
    "INSERT INTO hierarchy_counters (client_id, campaigns, strategies, placements, creatives) "
    f"VALUES ({{client}}, {CAMPAIGNS}, {STRATEGIES}, {PLACEMENTS}, {{creatives}})",
)
"""As ``made`` has it: which source, and which parent by key."""

_RUN = (
    "WITH run AS (INSERT INTO ingestion_logs (client_id, run_id, run_no, source, run_date, delivered_at, "
    "status, rows_read, rows_loaded, started_at, finished_at) OVERRIDING SYSTEM VALUE "
    "VALUES ($1, gen_random_uuid(), $2, $3, $4, $4::date + interval '30 hours', 'loaded', $5, $5, "
    "$4::date + interval '31 hours', $4::date + interval '31 hours') RETURNING client_id) "
    "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after) "
    "SELECT client_id, $3, $4, 'load', $2, '{\"rows\": 0}', $6::jsonb FROM run"
)
_AFTER_RUNS = (
    "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no) "
    "SELECT client_id, source, '', run_date, delivered_at, run_no FROM ingestion_logs WHERE client_id = $1",
    "INSERT INTO day_rates (client_id, source, date, cpm, client_setting_id) "
    "SELECT l.client_id, l.source, l.run_date, s.cpm, s.id "
    "FROM ingestion_logs l JOIN client_settings s USING (client_id) WHERE l.client_id = $1",
)


def _runs(client: int, maker: Maker) -> list[tuple[Any, ...]]:
    found = []
    for day in maker.every_day():
        for source, sums in maker.sums(day):
            spend = Decimal(sums["impressions"] or 0) * CPM / 1000
            totals = {**sums, "cpm": f"{CPM:f}", "spend": f"{spend:.7f}"}
            number = _run_no(client, maker, day, SOURCES.index(source))
            found.append((client, number, source, day, sums["rows"], json.dumps(totals)))
    return found


def _run_no(client: int, maker: Maker, day: date, source: int) -> int:
    return client * 10_000 + (maker.last - day).days * len(SOURCES) + source


async def _copy(url: str, client: int, maker: Maker, days: Sequence[date]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for some in _batches(maker, days):
            body = await asyncio.to_thread(_lines, client, maker, some)
            await connection.copy_to_table(
                "daily_metrics", source=io.BytesIO(body), columns=_COLUMNS, format="csv"
            )
    finally:
        await connection.close()


def _batches(maker: Maker, days: Sequence[date]) -> Iterator[Sequence[date]]:
    size = max(1, BATCH_ROWS // maker.creatives)
    return (days[start : start + size] for start in range(0, len(days), size))


def _lines(client: int, maker: Maker, days: Sequence[date]) -> bytes:
    frames = [
        maker.rows(day).select(
            client_id=pl.lit(client),
            date=pl.lit(day),
            creative_id="creative_id",
            run_no=_run_no(client, maker, day, 0) + pl.col("source").cast(pl.Int32),
            **{name: pl.col(name) for name in FACTS},
        )
        for day in days
    ]
    return pl.concat(frames).write_csv(include_header=False).encode()
