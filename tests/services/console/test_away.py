"""Every command while a server is away: exit code 3, one sentence, and nothing half done."""

from __future__ import annotations

from uuid import uuid4

import pytest

from libs.testing.databases import Database
from tests.services.console.conftest import DAY, Client, a_run, sentence
from tests.services.console.test_commands import PULLS, Terminal

NOWHERE = "amqp://guest:guest@127.0.0.1:9/"


def commands(client: Client, run: str) -> dict[str, tuple[str, ...]]:
    days = ("--client", client.name, "--start", f"{DAY}", "--end", f"{DAY}")
    return {
        "confirm": ("confirm", run),
        "undo": ("undo", run),
        "reload": ("reload", run),
        "resolve": ("resolve", run, "--notes", "seen to"),
        "coverage": ("coverage", "--check"),
        "restatements": ("restatements",),
        "backfill": ("backfill", "surfside", *days),
        "replay": ("replay", PULLS),
        "trigger": ("trigger", "surfside", "--client", client.name),
        "verify": ("audit", "verify"),
    }


def test_without_the_database_every_command_says_so(shared: Terminal, client: Client) -> None:
    nowhere = Terminal(Database("postgresql://x@127.0.0.1:9/none"), shared.bus_settings)
    for name, arguments in commands(client, str(uuid4())).items():
        found = nowhere.run(*arguments)
        assert found.exit_code == 3, name
        assert sentence(found).startswith("error: the database does not answer"), name


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("confirm", "held"),
        ("undo", "loaded"),
        ("reload", "failed"),
        ("backfill", "failed"),
        ("trigger", "failed"),
    ],
)
def test_without_rabbitmq_nothing_is_written_down(
    shared: Terminal, client: Client, command: str, status: str
) -> None:
    """What could not be asked for leaves neither a job nor a line that says it was."""
    run = a_run(shared, client, status)
    away = shared.bus_settings.model_copy(update={"rabbitmq_url": NOWHERE, "publish_timeout": 0.5})
    lines = shared.sql("SELECT count(*) AS n FROM audit_logs")
    found = Terminal(shared.database, away).run(*commands(client, run)[command])
    assert found.exit_code == 3, found.output
    assert "RabbitMQ" in sentence(found)
    assert shared.sql("SELECT count(*) AS n FROM audit_logs") == lines
    assert shared.sql("SELECT FROM backfills WHERE client_id = $1", client.id) == []


def test_without_rabbitmq_what_needs_only_the_database_works(shared: Terminal, client: Client) -> None:
    run = a_run(shared, client, "failed")
    away = shared.bus_settings.model_copy(update={"rabbitmq_url": NOWHERE, "publish_timeout": 0.5})
    for name in ("resolve", "restatements", "verify"):
        assert Terminal(shared.database, away).run(*commands(client, run)[name]).exit_code == 0, name
