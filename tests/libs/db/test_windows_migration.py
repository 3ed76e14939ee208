"""0006: what is known of a report's window is written on its run; down and up again with rows."""

from __future__ import annotations

from datetime import date

import asyncpg

from libs.db import migrate
from libs.db.migrations.versions import v0006_windows
from libs.testing.databases import Database

RUNS = """
INSERT INTO clients (name) VALUES ('c');
INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status)
SELECT c.id, r.run::uuid, 'vibe', date '2025-11-05', 'failed' FROM clients c, (VALUES
    ('00000000-0000-0000-0000-000000000001'), ('00000000-0000-0000-0000-000000000002'),
    ('00000000-0000-0000-0000-000000000003')) AS r (run);
INSERT INTO vibe_report_requests
    (client_id, report_id, status, request_params, start_date, end_date, run_id)
SELECT c.id, r.report, 'failed', '{}', r.first::date, date '2025-11-05', r.run::uuid FROM clients c, (VALUES
    ('a', '2025-11-01', '00000000-0000-0000-0000-000000000001'),
    ('b', '2025-11-05', '00000000-0000-0000-0000-000000000002')) AS r (report, first, run);
"""


async def test_windows_of_reports_are_written_on_their_runs(database: Database) -> None:
    connection = await asyncpg.connect(database.owner_url)
    await migrate.downgrade(database.owner_url, v0006_windows.down_revision)
    await connection.execute(RUNS)
    await migrate.upgrade(database.owner_url)
    rows = await connection.fetch("SELECT window_start FROM ingestion_logs ORDER BY run_id")
    assert [row["window_start"] for row in rows] == [date(2025, 11, 1), None, None]
    await migrate.downgrade(database.owner_url, v0006_windows.down_revision)
    assert await connection.fetchval("SELECT count(*) FROM ingestion_logs") == 3
    await migrate.upgrade(database.owner_url)
    await connection.close()
