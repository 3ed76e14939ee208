"""Restatements of a large ledger: the question without filters reads restatements, not the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import tenant, transaction
from libs.operations import restatements
from libs.testing.databases import Database

FIRST_DELIVERIES, RESTATED = 200_000, 300
NO_FILTERS = dict.fromkeys(("client", "source", "kind", "start", "end"))
LEDGER = f"""
INSERT INTO clients (name) SELECT 'client ' || n FROM generate_series(1, 20) AS n;
INSERT INTO slice_ledger (client_id, source, date, kind, totals_before, totals_after, at)
SELECT (SELECT min(id) FROM clients) + n % 20, 'surfside', date '2024-01-01' + n / 400, 'load',
    '{{"rows": 0, "impressions": 0}}', jsonb_build_object('rows', 3, 'impressions', n),
    timestamptz '2024-01-01' + n * interval '5 minutes'
FROM generate_series(1, {FIRST_DELIVERIES}) AS n;
INSERT INTO slice_ledger (client_id, source, date, kind, totals_before, totals_after, at)
SELECT (SELECT min(id) FROM clients) + n % 20, 'surfside', date '2024-01-01' + n, 'load',
    '{{"rows": 3, "impressions": 5}}', jsonb_build_object('rows', 3, 'impressions', 5 + n),
    timestamptz '2024-01-01' + n * interval '1 day'
FROM generate_series(1, {RESTATED}) AS n;
"""


@contextmanager
def overheard(engine: AsyncEngine) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """The statements about the ledger that go out meanwhile, with their values."""
    found: list[tuple[str, tuple[Any, ...]]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, ___: Any, ____: Any) -> None:
        if "slice_ledger" in statement:
            found.append((statement, tuple(values)))

    event.listen(engine.sync_engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine.sync_engine, "before_cursor_execute", hear)


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan that read the ledger."""
    if plan.get("Relation Name") == "slice_ledger":
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part)


@pytest.fixture
async def large(database: Database) -> Database:
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(LEDGER)
    await connection.execute("VACUUM ANALYZE slice_ledger")
    await connection.close()
    return database


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_nothing_scans_the_ledger(
    large: Database, engine_of: Callable[[str], AsyncEngine], mode: str
) -> None:
    """As the gateway's role, for which row-level security holds, and as the console's."""
    for service in ("gateway", "console"):
        engine = engine_of(service)
        opened = tenant(engine, role="admin", client_ids=()) if service == "gateway" else transaction(engine)
        with overheard(engine) as statements:
            async with opened as connection:
                total, rows = await restatements.page(connection, NO_FILTERS, "changed_at", "DESC", 50, 0)
        assert (total, len(rows)) == (RESTATED, 50)
        assert rows[0]["changed_at"] > rows[-1]["changed_at"]
        assert len(statements) == 2
        raw = await asyncpg.connect(large.url_of(service))
        await raw.execute(f"SET plan_cache_mode = {mode}")
        await raw.execute("SELECT set_config('tidemark.role', 'admin', false)")
        for statement, values in statements:
            (explained,) = await raw.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
            found = list(scans(json.loads(explained[0])[0]["Plan"]))
            assert found, statement
            for node in found:
                assert node["Node Type"] != "Seq Scan", (service, statement, node)
                assert node["Actual Rows"] * node["Actual Loops"] <= RESTATED, node
            names = {node.get("Index Name") for node in found}
            assert "slice_ledger_restated" in names, (service, names)
        await raw.close()
