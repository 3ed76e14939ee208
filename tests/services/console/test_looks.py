"""coverage, restatements, queues: what is shown, and what --check makes of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.services.console.conftest import DAY, Client, a_run, sentence
from tests.services.console.test_commands import Terminal

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def stands(shared: Terminal, client: Client, day: date) -> None:
    """A delivery stands for a day."""
    shared.sql(
        "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no) "
        "VALUES ($1, 'surfside', '', $2, now(), 1)",
        client.id,
        day,
    )


def test_coverage_shows_each_day_and_can_be_checked(shared: Terminal, client: Client) -> None:
    for n in (0, 1, 3):
        stands(shared, client, DAY + timedelta(days=n))
    a_run(shared, client, "failed", DAY + timedelta(days=4))
    days = ("--client", client.name, "--start", f"{DAY}", "--end", f"{DAY + timedelta(days=4)}")
    found = shared.run("coverage", *days, "--json")
    assert found.exit_code == 0, found.stderr
    (line,) = json.loads(found.output)
    assert (line["client_name"], line["source"]) == (client.name, "surfside")
    assert [day["status"] for day in line["days"]] == ["loaded", "loaded", "missing", "loaded", "failed"]
    table = shared.run("coverage", *days)
    assert table.exit_code == 0
    assert "missing: 2026-01-07" in table.output
    assert "failed: 2026-01-09" in table.output
    assert shared.run("coverage", *days, "--check").exit_code == 1
    good = shared.run("coverage", *days[:-1], f"{DAY + timedelta(days=1)}", "--source", "surfside", "--check")
    assert good.exit_code == 0, good.output


def test_coverage_is_of_the_last_thirty_days(shared: Terminal, client: Client) -> None:
    found = shared.run("coverage", "--client", str(client.public_id), "--json")
    (line,) = json.loads(found.output)
    assert (len(line["days"]), line["days"][-1]["date"]) == (30, f"{YESTERDAY}")


@pytest.mark.parametrize("command", ["coverage", "restatements"])
def test_a_look_that_makes_no_sense_is_refused(shared: Terminal, command: str) -> None:
    for arguments, told in (
        (("--client", "Nobody"), "no active client 'Nobody'; there are: "),
        (("--source", "tiktok"), "no source 'tiktok'; there are surfside, vibe, facebook"),
        (("--start", "2026-01-02", "--end", "2026-01-01"), "--end 2026-01-01 is before --start 2026-01-02"),
    ):
        found = shared.run(command, *arguments)
        assert found.exit_code == 1, arguments
        assert told in sentence(found)
    assert shared.run(command, "--start", "yesterday").exit_code == 2


def test_coverage_has_an_end(shared: Terminal) -> None:
    found = shared.run("coverage", "--start", "2024-01-01", "--end", "2026-01-01")
    assert (found.exit_code, sentence(found)) == (1, "error: at most 400 days at a time")


def test_restatements_tell_what_changed(shared: Terminal, client: Client) -> None:
    run = a_run(shared, client, "loaded")
    before, after = '{"rows": 3, "conversions": 41}', '{"rows": 3, "conversions": 47}'
    for n in range(2):
        shared.sql(
            "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after) "
            "SELECT $1, 'surfside', $2, 'load', run_no, CAST($3::text AS jsonb), CAST($4::text AS jsonb) "
            "FROM ingestion_logs WHERE run_id = $5",
            client.id,
            DAY + timedelta(days=n),
            before,
            after,
            run,
        )
    found = shared.run("restatements", "--client", client.name, "--json")
    assert found.exit_code == 0, found.stderr
    newest, other = json.loads(found.output)
    assert (newest["date"], other["date"]) == ("2026-01-06", "2026-01-05")
    assert newest["run_id"] == run
    assert newest["changes"] == {"conversions": {"before": 41, "after": 47, "change": 6}}
    one = shared.run("restatements", "--client", client.name, "--end", f"{DAY}", "--json")
    assert [row["date"] for row in json.loads(one.output)] == [f"{DAY}"]
    first = shared.run("restatements", "--client", client.name, "--limit", "1", "--json")
    assert len(json.loads(first.output)) == 1
    table = shared.run("restatements", "--client", client.name)
    assert table.exit_code == 0
    assert "41 → 47" in " ".join(table.output.split())
    assert shared.run("restatements", "--limit", "0").exit_code == 2


def test_nothing_was_restated(shared: Terminal, client: Client) -> None:
    found = shared.run("restatements", "--client", client.name, "--json")
    assert (found.exit_code, json.loads(found.output)) == (0, [])


def test_queues_show_dead_letters_and_their_reason(shared: Terminal) -> None:
    clean = shared.run("queues", "--json", "--check")
    assert clean.exit_code == 0, clean.output
    assert {row["dead"] for row in json.loads(clean.output)} == {0}
    shared.bury("loader.undos", b"{}", b"[]")
    found = shared.run("queues", "--json")
    assert found.exit_code == 0
    (row,) = [row for row in json.loads(found.output) if row["queue"] == "loader.undos"]
    assert (row["waiting"], row["consumers"], row["dead"]) == (0, 0, 2)
    assert row["oldest_reason"] == "Terminal: no such client"
    table = shared.run("queues", "--check")
    assert table.exit_code == 1
    assert "loader.undos" in table.output
    assert len(shared.take("loader.undos.dead")) == 2  # looking took nothing away
