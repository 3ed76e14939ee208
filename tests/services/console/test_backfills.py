"""backfill: what is no job, and what is told of days that failed."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.services.console.conftest import DAY, Client, sentence
from tests.services.console.test_commands import PULLS, Terminal


def test_a_backfill_that_makes_no_sense_is_no_job(shared: Terminal, client: Client) -> None:
    days = ("--start", f"{DAY}", "--end", f"{DAY}")
    for source, of, period, told in (
        ("facebook", client.name, days, "facebook cannot be pulled; surfside and vibe can"),
        ("surfside", "Nobody", days, "no active client 'Nobody'"),
        ("vibe", client.name, days, "is not enabled for vibe"),
        ("surfside", client.name, (*days[:3], "2026-01-01"), "--end 2026-01-01 is before --start 2026-01-05"),
        (
            "surfside",
            client.name,
            ("--start", "2024-01-01", "--end", "2025-06-30"),
            "are 547 days; ask for at most 400",
        ),
        ("vibe", client.name, ("--start", "2126-01-01", "--end", "2126-01-01"), "has begun nowhere yet"),
    ):
        found = shared.run("backfill", source, "--client", of, *period)
        assert found.exit_code == 1, found.output
        assert told in sentence(found)
    assert shared.run("backfill", "surfside", "--client", client.name).exit_code == 2
    assert shared.sql("SELECT FROM backfills WHERE client_id = $1", client.id) == []
    assert shared.take(PULLS) == []


def test_a_backfill_tells_each_day_of_a_window_that_failed(shared: Terminal, client: Client) -> None:
    """A run of several days: what became of it became of each of them."""
    shared.sql(
        "INSERT INTO ingestion_logs "
        "(client_id, run_id, source, window_start, run_date, status, error, updated_at) "
        "VALUES ($1, gen_random_uuid(), 'surfside', $2, $3, 'failed', 'no access', "
        "now() + interval '1 hour')",
        client.id,
        DAY,
        DAY + timedelta(days=2),
    )  # as if it ended during the job
    days = ("--start", f"{DAY}", "--end", f"{DAY + timedelta(days=2)}")
    found = shared.run("backfill", "surfside", "--client", client.name, *days, "--patience", "5")
    assert found.exit_code == 1
    for n in range(3):
        assert f"{DAY + timedelta(days=n)}: failed no access" in found.output
    (pull,) = [json.loads(message.body) for message in shared.take(PULLS)]
    assert (pull["start_date"], pull["end_date"], pull["generation"]) == (days[1], days[3], 1)
