"""The command line against a real database and broker, with the role that it has in production."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import aio_pika
import asyncpg
import pytest
import zstandard
from typer.testing import CliRunner, Result

from contracts.ingest.v1 import LEVELS
from libs.auth import Hasher
from libs.bus import Bus, Queues
from libs.db.engine import make_engine
from libs.settings import BusSettings, DatabaseSettings
from libs.testing.databases import Database
from services.console.commands.desk import Desk
from services.console.main import create_app

Answer = TypeVar("Answer")
PASSWORD = "correct horse battery staple"
SHUFFLED = "import json, sys\nm = json.load(open(sys.argv[1]))\n"
PULLS = "surfside.pulls"


@dataclass
class Terminal:
    """Runs commands; looks at what they did."""

    database: Database
    bus_settings: BusSettings
    editor: str = "false"
    production: bool = False

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """A command as an operator types it."""
        return CliRunner().invoke(create_app(self._desk), list(arguments), input=typed)

    def _desk(self) -> Desk:
        settings = DatabaseSettings(database_url=self.database.url_of("console"))
        bus = Bus(self.bus_settings, "console")
        queues = Queues(self.bus_settings, "console")
        return Desk(make_engine(settings, "console"), bus, queues, self.editor, self.production)

    def sql(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """A statement as the owner."""

        async def work() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(self.database.owner_url)
            try:
                return list(await connection.fetch(statement, *values))
            finally:
                await connection.close()

        return asyncio.run(work())

    def on_channel(
        self, work: Callable[[aio_pika.abc.AbstractChannel], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        """Something on a channel of the broker."""

        async def connected() -> Answer:
            async with await aio_pika.connect(self.bus_settings.rabbitmq_url) as connection:
                return await work(await connection.channel())

        return asyncio.run(connected())

    def bury(self, queue: str, *bodies: bytes) -> None:
        """Dead letters, as the bus leaves them."""
        headers: dict[str, Any] = {
            "x-reason": "Terminal: no such client",
            "x-attempt": 7,
            "x-retry-of": queue,
            "x-original-key": "pull.requested.surfside",
        }

        async def publish(channel: aio_pika.abc.AbstractChannel) -> None:
            for number, body in enumerate(bodies):
                message = aio_pika.Message(
                    body, headers=headers, delivery_mode=2, correlation_id=f"correlation-{number}"
                )
                await channel.default_exchange.publish(message, f"{queue}.dead")

        self.on_channel(publish)

    def take(self, queue: str) -> list[aio_pika.abc.AbstractIncomingMessage]:
        """All messages of a queue."""

        async def drain(channel: aio_pika.abc.AbstractChannel) -> list[aio_pika.abc.AbstractIncomingMessage]:
            declared = await channel.declare_queue(queue, passive=True)
            found = []
            while (message := await declared.get(no_ack=True, fail=False)) is not None:
                found.append(message)
            return found

        return self.on_channel(drain)

    def add_client(self, name: str, *, enabled: bool = True) -> int:
        """A client; returns its key."""
        made = self.sql("INSERT INTO clients (name) VALUES ($1) RETURNING id", name)[0]["id"]
        self.sql(
            "INSERT INTO source_settings (client_id, source, enabled) VALUES ($1, 'surfside', $2)",
            made,
            enabled,
        )
        return int(made)


@pytest.fixture
def terminal(database: Database, bus_settings: BusSettings) -> Terminal:
    """On a database and a virtual host of this test's own."""
    return Terminal(database, bus_settings)


def test_an_administrator_is_made_once(terminal: Terminal) -> None:
    made = terminal.run("create-admin", "Boss@agency.example", "--password-stdin", typed=PASSWORD + "\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    (user,) = terminal.sql("SELECT id, email, password_hash, role FROM users")
    assert (user["email"], user["role"]) == ("Boss@agency.example", "admin")
    assert asyncio.run(Hasher().verify(PASSWORD, user["password_hash"]))
    assert [
        row["must_change_password"] for row in terminal.sql("SELECT must_change_password FROM users")
    ] == [True]
    assert "changed at the first login" in " ".join(made.output.split())
    (line,) = terminal.sql("SELECT action, entity_id, new_values FROM audit_logs")
    assert (line["action"], line["entity_id"]) == ("user.added", str(user["id"]))
    told = {"email": "Boss@agency.example", "role": "admin", "must_change_password": True}
    assert json.loads(line["new_values"]) == told
    again = terminal.run("create-admin", "boss@AGENCY.example", "--password-stdin", typed=PASSWORD)
    assert again.exit_code == 1
    assert "already" in again.stderr
    assert len(terminal.sql("SELECT FROM users")) == 1


def test_a_final_password_is_not_for_production(terminal: Terminal) -> None:
    command = ("create-admin", "boss@agency.example", "--password-stdin", "--final")
    terminal.production = True
    refused = terminal.run(*command, typed=PASSWORD)
    assert (refused.exit_code, terminal.sql("SELECT FROM users")) == (1, [])
    assert "production" in refused.stderr
    terminal.production = False
    assert terminal.run(*command, typed=PASSWORD).exit_code == 0
    assert [
        row["must_change_password"] for row in terminal.sql("SELECT must_change_password FROM users")
    ] == [False]


def test_a_password_is_asked_for_twice(terminal: Terminal) -> None:
    made = terminal.run("create-admin", "a@agency.example", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    other = terminal.run("create-admin", "b@agency.example", typed=f"{PASSWORD}\nanother one\n")
    assert other.exit_code != 0
    assert len(terminal.sql("SELECT FROM users")) == 1


@pytest.mark.parametrize(
    ("email", "password", "told"),
    [
        ("a@agency.example", "short", "8 to 128"),
        ("a@agency.example", "x" * 129, "8 to 128"),
        ("a@agency.example", "", "8 to 128"),
        ("a@agency.example", "Password2024", "too common"),
        ("nobody", PASSWORD, "not an e-mail"),
        ("a b@agency.example", PASSWORD, "not an e-mail"),
        ("@agency.example", PASSWORD, "not an e-mail"),
    ],
)
def test_who_cannot_be_an_administrator(terminal: Terminal, email: str, password: str, told: str) -> None:
    refused = terminal.run("create-admin", email, "--password-stdin", typed=password + "\n")
    assert refused.exit_code == 1
    assert told in " ".join(refused.stderr.split())
    assert terminal.sql("SELECT FROM users") == []


def test_a_trigger_puts_a_pull_into_the_queue(terminal: Terminal) -> None:
    terminal.add_client("North")
    (client,) = terminal.sql("SELECT public_id FROM clients")
    every = terminal.run("trigger", "surfside")
    one = terminal.run(
        "trigger", "surfside", "--client", "NORTH", "--start", "2026-01-01", "--end", "2026-01-02"
    )
    by_id = terminal.run("trigger", "surfside", "--client", str(client["public_id"]))
    assert [found.exit_code for found in (every, one, by_id)] == [0, 0, 0]
    messages = terminal.take(PULLS)
    bodies = [json.loads(message.body) for message in messages]
    assert "client_id" not in bodies[0]
    assert bodies[1]["client_id"] == bodies[2]["client_id"] == str(client["public_id"])
    assert (bodies[1]["start_date"], bodies[1]["end_date"]) == ("2026-01-01", "2026-01-02")
    assert str(messages[0].correlation_id) in every.output
    lines = terminal.sql("SELECT action, entity_id, new_values FROM audit_logs ORDER BY id")
    assert [json.loads(line["new_values"]) for line in lines] == bodies
    assert {(line["action"], line["entity_id"]) for line in lines} == {("ingestion.triggered", "surfside")}
    assert messages[0].delivery_mode == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("facebook",), "cannot be pulled"),
        (("tiktok",), "cannot be pulled"),
        (("surfside", "--client", "Nobody"), "there are: North, Off"),
        (("surfside", "--client", "Off"), "not enabled for surfside"),
        (("surfside", "--client", "North", "--start", "2026-01-02"), "both --start and --end"),
        (("surfside", "--start", "2026-01-02", "--end", "2026-01-01"), "is before"),
    ],
)
def test_a_trigger_that_makes_no_sense_queues_nothing(
    terminal: Terminal, arguments: tuple[str, ...], told: str
) -> None:
    terminal.add_client("North")
    terminal.add_client("Off", enabled=False)
    refused = terminal.run("trigger", *arguments)
    assert refused.exit_code == 1
    assert told in " ".join(refused.stderr.split())
    assert terminal.take(PULLS) == []


def test_a_backfill_waits_until_every_day_has_ended(terminal: Terminal) -> None:
    client = terminal.add_client("North")
    statuses = {1: "loaded", 2: "unchanged", 3: "missing_file", 5: "failed"}
    for day, status in statuses.items():
        since = "1 hour" if day < 5 else "-1 hour"  # as if they came during the job; the last one is older
        terminal.sql(
            "INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status, updated_at) "
            f"VALUES ($1, gen_random_uuid(), 'surfside', $2, $3, now() + interval '{since}')",
            client,
            date(2026, 1, day),
            status,
        )
    days = ("--client", "North", "--start", "2026-01-01", "--end")
    done = terminal.run("backfill", "surfside", *days, "2026-01-02")
    assert done.exit_code == 0
    assert "2 days are there" in done.output
    bad = terminal.run("backfill", "surfside", *days, "2026-01-03")
    assert bad.exit_code == 1
    assert "2026-01-03: missing_file" in bad.output
    never = terminal.run("backfill", "surfside", *days, "2026-01-05", "--patience", "1")
    assert never.exit_code == 1
    assert "2 of 5 days have not ended" in " ".join(never.stderr.split())
    pulls = [json.loads(message.body) for message in terminal.take(PULLS)]
    asked = [(pull["start_date"][-2:], pull["end_date"][-2:], pull["generation"]) for pull in pulls]
    first, second = [("01", "02", 0)], [("01", "02", 0), ("03", "03", 1)]
    assert asked == [*first, *second, *second, ("04", "04", 0), ("05", "05", 1)]
    jobs = terminal.sql("SELECT id FROM backfills ORDER BY created_at")
    assert all(str(job["id"]) in found.output for job, found in zip(jobs, (done, bad, never), strict=True))
    lines = terminal.sql("SELECT entity_id FROM audit_logs WHERE action = 'backfill.requested' ORDER BY id")
    assert [line["entity_id"] for line in lines] == [str(job["id"]) for job in jobs]


def test_dead_letters_go_back_with_their_attempts_forgotten(terminal: Terminal) -> None:
    bodies = [json.dumps({"generation": n}).encode() for n in range(3)]
    terminal.bury(PULLS, *bodies)
    assert terminal.run("replay", PULLS, "--limit", "1").exit_code == 0
    found = terminal.run("replay", PULLS)
    assert "2 moved" in found.output
    messages = terminal.take(PULLS)
    assert [message.body for message in messages] == bodies
    for number, message in enumerate(messages):
        assert message.correlation_id == f"correlation-{number}"
        assert message.delivery_mode == 2
        ours = {name: value for name, value in message.headers.items() if name != "x-delivery-count"}
        assert ours == {"x-original-key": "pull.requested.surfside"}
    assert terminal.take(f"{PULLS}.dead") == []
    assert "0 moved" in terminal.run("replay", PULLS).output


def test_a_queue_that_is_none_is_refused_with_the_choices(terminal: Terminal) -> None:
    refused = terminal.run("replay", "surfside.nothing")
    assert refused.exit_code == 1
    assert "loader.batches" in refused.stderr


def test_an_edited_letter_is_checked_and_its_digest_is_computed_anew(
    terminal: Terminal, tmp_path: Path
) -> None:
    batch: dict[str, Any] = {
        "schema": 1,
        "run_id": "3d0c1b2a-4f5e-5d6c-8b7a-9f0e1d2c3b15",
        "client_id": "6f1c2f0e-3f0b-4a51-9c69-0f6f4c1f7a10",
        "source": "surfside",
        "sequence": 0,
        "row_count": 1,
        "digest": "0" * 64,
        "delivered_at": "2026-01-01T00:00:00Z",
        "names": ["a"],
        "columns": {"date": ["2026-01-01"], **{level: [0] for level in LEVELS}},
        "last": False,
    }
    other = zstandard.compress(json.dumps({**batch, "sequence": 1}).encode())  # as large ones come
    terminal.bury("loader.batches", json.dumps(batch).encode(), other)
    script = tmp_path / "edit.py"
    script.write_text(
        SHUFFLED + "if m['sequence'] == 0: m['names'] = ['b']\njson.dump(m, open(sys.argv[1], 'w'))\n"
    )
    terminal.editor = f"python3 {script}"
    found = terminal.run("replay", "loader.batches", "--edit")
    assert "2 moved" in found.output, found.output + found.stderr
    assert "no such client" in found.stderr
    changed, same = (json.loads(message.body) for message in terminal.take("loader.batches"))
    assert changed["names"] == ["b"]
    assert re.fullmatch("[0-9a-f]{64}", changed["digest"])
    assert changed["digest"] != "0" * 64
    assert same["digest"] == "0" * 64


@pytest.mark.parametrize("edit", ["m['nonsense'] = 1", "m['start_date'] = '2026-01-01'", "m = []"])
def test_a_letter_that_was_edited_wrongly_stays(terminal: Terminal, tmp_path: Path, edit: str) -> None:
    terminal.bury(PULLS, b'{"generation": 1}', b"not JSON at all \xff")
    script = tmp_path / "edit.py"
    script.write_text(
        "import json, sys\ntext = open(sys.argv[1]).read()\n"
        "m = json.loads(text) if text.startswith('{') else {}\n"
        f"{edit}\njson.dump(m, open(sys.argv[1], 'w'))\n"
    )
    terminal.editor = f"python3 {script}"
    found = terminal.run("replay", PULLS, "--edit", typed="n\nn\n")
    assert "0 moved" in found.output
    assert "2 left" in found.output
    assert terminal.take(PULLS) == []
    assert sorted(message.body for message in terminal.take(f"{PULLS}.dead")) == [
        b"not JSON at all \xff",
        b'{"generation": 1}',
    ]


def test_an_editor_that_fails_moves_nothing(terminal: Terminal) -> None:
    terminal.bury(PULLS, b"{}")
    assert terminal.run("replay", PULLS, "--edit").exit_code == 1
    assert [message.body for message in terminal.take(f"{PULLS}.dead")] == [b"{}"]
    assert terminal.take(PULLS) == []


def test_the_state_of_things_at_a_glance(terminal: Terminal) -> None:
    client = terminal.add_client("North")
    terminal.sql(
        "INSERT INTO ingestion_logs (client_id, run_id, source, status, rows_loaded) "
        "VALUES ($1, gen_random_uuid(), 'surfside', 'held', 7)",
        client,
    )
    terminal.sql("INSERT INTO outbox (service, routing_key, body) VALUES ('gateway', 'run.undo', '')")
    terminal.bury(PULLS, b"{}", b"{}")
    found = terminal.run("status")
    assert found.exit_code == 0
    pulls = next(line for line in found.output.splitlines() if f" {PULLS} " in line)
    assert [cell.strip() for cell in pulls.split("│")[1:-1]] == [PULLS, "0", "0", "2"]
    assert re.search(r"surfside\s+│ held\s+│ 1\s+│ 7", found.output)
    assert re.search(r"gateway\s+│ 1", found.output)


def test_a_broker_or_database_that_is_away_is_one_line(terminal: Terminal) -> None:
    away = terminal.bus_settings.model_copy(
        update={"rabbitmq_url": "amqp://guest:guest@127.0.0.1:9/", "publish_timeout": 2}
    )
    for command in (("trigger", "surfside"), ("replay", PULLS), ("status",), ("queues",)):
        found = Terminal(terminal.database, away).run(*command)
        assert found.exit_code == 3, command
        assert found.stderr.startswith("error:")
    nowhere = Terminal(Database("postgresql://x@127.0.0.1:9/none"), terminal.bus_settings)
    found = nowhere.run("create-admin", "a@agency.example", "--password-stdin", typed=PASSWORD)
    assert found.exit_code == 3
    assert "database" in found.stderr
