"""`python -m deploy.migrate` and `deploy.declare`: once, again, and with what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from contracts.ownership import ROLES
from contracts.topology import QUEUES, RETRY_SECONDS, retry_name
from deploy.local import Infra
from libs.bus.declare import management
from libs.db import migrate
from libs.settings import BusSettings
from libs.testing.databases import ROLE_PASSWORD, Database, drop_database

ROOT = Path(__file__).resolve().parents[2]
# Roles are shared by all databases of a server: other tests connect with this password at the same time.
PASSWORDS = {f"DATABASE_PASSWORD__{role.service.upper()}": ROLE_PASSWORD for role in ROLES}


def run(module: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a deploy command as a container does: with its environment and nothing else."""
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
async def empty(infra: Infra, worker: str) -> AsyncIterator[Database]:
    """A database without any table."""
    base, name = infra.database_url.rpartition("/")[0], f"test_empty_{worker}"
    server = await asyncpg.connect(f"{base}/postgres")
    await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {name}")
    await server.close()
    database = Database(f"{base}/{name}")
    yield database
    await drop_database(database)


async def test_migrate_makes_tables_and_roles_that_can_work(empty: Database, tmp_path: Path) -> None:
    for _ in ("first deploy", "next deploy"):
        answer = run("deploy.migrate", {"DATABASE_URL": empty.owner_url, **PASSWORDS}, tmp_path)
        assert answer.returncode == 0, answer.stderr
    loader = await asyncpg.connect(migrate.url_of("loader", empty.owner_url, ROLE_PASSWORD))
    try:
        assert await loader.fetchval("SELECT count(*) FROM daily_metrics") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await loader.fetchval("SELECT count(*) FROM users")
    finally:
        await loader.close()


def test_migrate_says_everything_that_is_missing(tmp_path: Path) -> None:
    answer = run("deploy.migrate", {**PASSWORDS, "DATABASE_PASSWORD__LOADER": "short"}, tmp_path)
    assert answer.returncode == 2
    assert "DATABASE_URL: Field required" in answer.stderr
    assert "set DATABASE_PASSWORD__LOADER:" in answer.stderr
    assert "DATABASE_PASSWORD__GATEWAY" not in answer.stderr


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    answer = run("deploy.migrate", {**PASSWORDS, "DATABASE_PASSWORD__LOADER": "päss wörd"}, tmp_path)
    assert answer.returncode == 2
    assert "päss" not in answer.stderr
    assert ROLE_PASSWORD not in answer.stderr


async def test_declare_makes_every_queue(bus_settings: BusSettings, tmp_path: Path) -> None:
    environment = {
        "RABBITMQ_URL": bus_settings.rabbitmq_url,
        "RABBITMQ_MANAGEMENT_URL": bus_settings.rabbitmq_management_url,
    }
    for _ in ("first deploy", "next deploy"):
        answer = run("deploy.declare", environment, tmp_path)
        assert answer.returncode == 0, answer.stderr
    vhost = bus_settings.rabbitmq_url.rpartition("/")[2]
    async with management(bus_settings) as api:
        names = {queue["name"] for queue in (await api.get(f"/api/queues/{vhost}")).json()}
    assert {queue.name for queue in QUEUES} | {queue.dead for queue in QUEUES} <= names
    # The virtual host came with the ladder of tests; this one is the command's.
    assert {retry_name(seconds) for seconds in RETRY_SECONDS} <= names


def test_declare_says_what_does_not_answer(tmp_path: Path) -> None:
    environment = {"RABBITMQ_URL": "amqp://localhost/", "RABBITMQ_MANAGEMENT_URL": "http://127.0.0.1:1"}
    answer = run("deploy.declare", environment, tmp_path)
    assert answer.returncode == 1
    assert answer.stderr == "error: RabbitMQ's management API at http://127.0.0.1:1 does not answer\n"
