"""confirm, undo, reload, resolve: what is queued, what is refused, what is written down."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.services.console.conftest import Client, a_run, audited, sentence
from tests.services.console.test_commands import Terminal

QUEUES = {"confirm": "loader.confirmations", "undo": "loader.undos", "reload": "surfside.reloads"}
KEYS = {"confirm": "run.confirmed", "undo": "run.undo", "reload": "reload.requested.surfside"}


@pytest.mark.parametrize(
    ("command", "status"),
    [("confirm", "held"), ("undo", "loaded"), ("undo", "partial"), ("reload", "failed")],
)
def test_what_is_asked_about_a_run_is_queued_and_audited(
    shared: Terminal, client: Client, command: str, status: str
) -> None:
    run = a_run(shared, client, status)
    more = ["--allow-shrink"] if command == "reload" else []
    found = shared.run(command, run, *more)
    assert found.exit_code == 0, found.stderr
    assert f"queued {KEYS[command]}" in found.output
    (message,) = shared.take(QUEUES[command])
    assert message.delivery_mode == 2
    assert str(message.correlation_id) in found.output
    body = json.loads(message.body)
    assert (body["client_id"], body["run_id"]) == (str(client.public_id), run)
    assert body.get("allow_shrink", False) is (command == "reload")
    ((action, told),) = audited(shared, run)
    assert (action, told["run_id"]) == (KEYS[command], run)


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ("confirm", "loaded", "This run is loaded; only one that is held can be confirmed."),
        ("confirm", "failed", "This run is failed; only one that is held can be confirmed."),
        ("undo", "held", "This run is held; only one that is loaded or partial can be undone."),
        ("undo", "undone", "This run is undone; only one that is loaded or partial can be undone."),
        ("reload", "missing_file", "This run has no raw file in the archive."),
    ],
)
def test_what_does_not_fit_the_status_of_a_run_is_refused(
    shared: Terminal, client: Client, command: str, status: str, told: str
) -> None:
    run = a_run(shared, client, status, kept=False)
    found = shared.run(command, run)
    assert found.exit_code == 1
    assert sentence(found) == f"error: {told}"
    assert shared.take(QUEUES[command]) == []
    assert audited(shared, run) == []


@pytest.mark.parametrize("command", ["confirm", "undo", "reload", "resolve"])
def test_a_run_that_is_not_there_is_told(shared: Terminal, command: str) -> None:
    notes = ["--notes", "seen to"] if command == "resolve" else []
    nobody = str(uuid4())
    absent = shared.run(command, nobody, *notes)
    assert absent.exit_code == 1
    assert f"there is no run {nobody}" in sentence(absent)
    nonsense = shared.run(command, "the last one", *notes)
    assert nonsense.exit_code == 1
    assert sentence(nonsense) == "error: 'the last one' is not the id of a run (a UUID)"
    assert shared.run(command).exit_code == 2
    assert audited(shared, nobody) == []


def test_a_run_is_resolved_with_notes(shared: Terminal, client: Client) -> None:
    run = a_run(shared, client, "failed")
    found = shared.run("resolve", run, "--notes", "  sent again by the agency ")
    assert (found.exit_code, found.output.strip()) == (0, f"{run} is resolved")
    (row,) = shared.sql(
        "SELECT resolution_status, resolution_notes, resolved_at FROM ingestion_logs WHERE run_id = $1", run
    )
    assert (row["resolution_status"], row["resolution_notes"]) == ("resolved", "sent again by the agency")
    assert row["resolved_at"] is not None
    assert audited(shared, run) == [("run.resolved", {"notes": "sent again by the agency"})]


@pytest.mark.parametrize("notes", ["", "   ", "x" * 2001])
def test_notes_say_something(shared: Terminal, client: Client, notes: str) -> None:
    run = a_run(shared, client, "failed")
    found = shared.run("resolve", run, "--notes", notes)
    assert found.exit_code == 1
    assert sentence(found) == "error: --notes: say what was done, in at most 2000 characters"
    assert shared.run("resolve", run).exit_code == 2
    assert audited(shared, run) == []
    (row,) = shared.sql("SELECT resolution_status FROM ingestion_logs WHERE run_id = $1", run)
    assert row["resolution_status"] is None
