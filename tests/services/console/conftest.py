"""One database and one virtual host for all commands: each test has a client of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import Result

from deploy.local import Infra
from libs.settings import BusSettings
from libs.testing.databases import drop_database, fresh_database
from libs.testing.vhosts import drop_vhost, fresh_vhost
from tests.services.console.test_commands import Terminal

DAY = date(2026, 1, 5)


@pytest.fixture(scope="session")
def shared(infra: Infra, broker_settings: BusSettings, worker: str) -> Iterator[Terminal]:
    """A terminal on servers that are there."""
    name = f"console_{worker}_{uuid4().hex[:6]}"
    database = asyncio.run(fresh_database(infra.database_url, name))
    bus = asyncio.run(fresh_vhost(broker_settings, name))
    yield Terminal(database, bus)
    asyncio.run(drop_vhost(broker_settings, name, led=True))
    asyncio.run(drop_database(database))


@dataclass
class Client:
    """A client of one test."""

    id: int
    public_id: UUID
    name: str


@pytest.fixture
def client(shared: Terminal) -> Client:
    """Enabled for surfside."""
    name = f"Client {uuid4().hex[:8]}"
    number = shared.add_client(name)
    (row,) = shared.sql("SELECT public_id FROM clients WHERE id = $1", number)
    return Client(number, UUID(str(row["public_id"])), name)


def a_run(shared: Terminal, client: Client, status: str, day: date = DAY, *, kept: bool = True) -> str:
    """A run of a day, with or without a raw file; its id."""
    (row,) = shared.sql(
        "INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status, artifact, error) "
        "VALUES ($1, gen_random_uuid(), 'surfside', $2, $3, CAST($4::text AS jsonb), 'as it was') "
        "RETURNING run_id",
        client.id,
        day,
        status,
        '{"bucket": "raw", "key": "report.csv"}' if kept else None,
    )
    return str(row["run_id"])


def audited(shared: Terminal, entity: object) -> list[tuple[str, Any]]:
    """Action and new values of the lines about something."""
    rows = shared.sql(
        "SELECT action, new_values FROM audit_logs WHERE entity_id = $1 ORDER BY id", str(entity)
    )
    return [(row["action"], json.loads(row["new_values"])) for row in rows]


def sentence(found: Result) -> str:
    """What stderr says: one error, and no trace of the program."""
    said = " ".join(found.stderr.split())
    assert said.startswith("error: "), said
    assert said.count("error: ") == 1, said
    assert "Traceback" not in found.output + found.stderr
    return said
