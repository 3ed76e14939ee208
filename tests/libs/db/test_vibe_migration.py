"""0002: down and up again with rows in the table; what has a report id is kept."""

from __future__ import annotations

import asyncpg

from libs.db import migrate
from libs.db.migrations.versions import v0002_vibe
from libs.testing.databases import Database

ROW = (
    "INSERT INTO vibe_report_requests (client_id, report_id, status, request_params, start_date, end_date) "
    "VALUES ($1, $2, $3, '{}', '2025-11-03', $4::text::date)"
)


async def run(database: Database, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def test_down_and_up_with_rows(database: Database) -> None:
    (client,) = await run(database, "INSERT INTO clients (name) VALUES ('c') RETURNING id")
    await run(database, ROW, client["id"], "rep_1", "created", "2025-11-04")
    await run(database, ROW, client["id"], None, "wanted", "2025-11-05")
    await migrate.downgrade(database.owner_url, v0002_vibe.down_revision)
    assert [row["report_id"] for row in await run(database, "SELECT * FROM vibe_report_requests")] == [
        "rep_1"
    ]
    (gone,) = await run(database, "SELECT to_regclass('vibe_calls') AS found")
    assert gone["found"] is None
    await migrate.upgrade(database.owner_url)
    await migrate.grant(database.owner_url)
    (row,) = await run(database, "SELECT * FROM vibe_report_requests")
    assert (row["report_id"], row["status"]) == ("rep_1", "abandoned")
