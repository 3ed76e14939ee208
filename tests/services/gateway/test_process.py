"""The gateway as a process: how it starts, what it tells, how it ends; and what reaches RabbitMQ."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import asyncpg
import httpx
import pytest

from deploy.local.ports import free_ports
from libs.auth import Hasher
from libs.settings import BusSettings
from libs.testing.queues import depth, put_raw
from libs.testing.waiting import eventually
from services.gateway.settings import GatewaySettings
from tests.libs.observability.receiver import receiver
from tests.libs.observability.spans import spans_of
from tests.services.gateway.conftest import KEY, NO_BROKER, Seeded, settings_of
from tests.services.gateway.traces import Owner, audited
from tests.services.gateway.world import Client

ROOT = Path(__file__).parents[3]
PASSWORD = "canary-password-of-a-person"


@dataclass
class Running:
    """A process and where it answers."""

    process: subprocess.Popen[bytes]
    http: httpx.AsyncClient
    inner: httpx.AsyncClient
    log: Path
    email: str


def environment(seeded: Seeded, rabbitmq_url: str, **more: str) -> dict[str, str]:
    ports = free_ports("api", "metrics")
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": seeded.database.url_of("gateway"),
        "RABBITMQ_URL": rabbitmq_url,
        "SECRET_KEY": KEY,
        "PORT": str(ports["api"]),
        "METRICS_PORT": str(ports["metrics"]),
        **more,
    }


def launch(settings: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        command = [sys.executable, "-m", "services.gateway.main"]
        return subprocess.Popen(command, env=settings, cwd=ROOT, stdout=output, stderr=output)


def to_port(port: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20)


async def begin(seeded: Seeded, rabbitmq_url: str, folder: Path, **more: str) -> Running:
    settings = environment(seeded, rabbitmq_url, **more)
    log = folder / "gateway.log"
    process = launch(settings, log)
    email = await with_password(seeded)
    clients = to_port(settings["PORT"]), to_port(settings["METRICS_PORT"])
    running = Running(process, *clients, log, email)
    await eventually(lambda: answers(running), within=60, what="the gateway does not start")
    return running


async def answers(running: Running) -> bool:
    assert running.process.poll() is None, running.log.read_text()
    try:
        return (await running.http.get("/docs")).status_code == 200
    except httpx.TransportError:
        return False


async def with_password(seeded: Seeded) -> str:
    """The address of a new administrator who has PASSWORD."""
    email = f"{uuid4().hex[:8]}@agency.example"
    hasher = Hasher(cost=4)
    connection = await asyncpg.connect(seeded.database.owner_url)
    await connection.execute(
        "INSERT INTO users (email, password_hash, role) VALUES ($1, $2, 'admin')",
        email,
        await hasher.hash(PASSWORD),
    )
    await connection.close()
    hasher.close()
    return email


async def sign_in(running: Running) -> dict[str, str]:
    body = {"email": running.email, "password": PASSWORD}
    answer = await running.http.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def end(running: Running) -> None:
    await running.http.aclose()
    await running.inner.aclose()
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait(20)


@pytest.fixture
async def running(seeded: Seeded, bus_settings: BusSettings, tmp_path: Path) -> AsyncIterator[Running]:
    """With a broker of this test's own."""
    found = await begin(seeded, bus_settings.rabbitmq_url, tmp_path)
    yield found
    await end(found)


@pytest.fixture
async def alone(seeded: Seeded, tmp_path: Path) -> AsyncIterator[Running]:
    """Without a broker."""
    found = await begin(seeded, NO_BROKER, tmp_path)
    yield found
    await end(found)


async def about(
    queue: aio_pika.abc.AbstractQueue, client: Client
) -> aio_pika.abc.AbstractIncomingMessage | None:
    """The message about a client: its gateway relays what tests before this one left in the outbox, too."""
    while (message := await queue.get(no_ack=True, fail=False)) is not None:
        if str(client.public_id).encode() in message.body:
            return message
    return None


async def test_what_is_asked_for_reaches_the_queue(
    running: Running, bus_settings: BusSettings, guest: Client
) -> None:
    headers = {**await sign_in(running), "X-Request-ID": "from-the-browser-1"}
    body = {"source": "surfside", "client_id": str(guest.public_id)}
    answer = await running.http.post("/api/v1/admin/trigger-ingestion", json=body, headers=headers)
    assert answer.status_code == 202
    async with await aio_pika.connect(bus_settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("surfside.pulls", passive=True)
        message = await eventually(lambda: about(queue, guest), within=20, what="no message")
        assert message is not None
    assert json.loads(message.body)["client_id"] == str(guest.public_id)
    assert message.correlation_id == "from-the-browser-1"


async def test_health_and_metrics_have_a_port_of_their_own(running: Running) -> None:
    ready = await running.inner.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert (await running.inner.get("/health/live")).json() == {"status": "ok"}
    metrics = await running.inner.get("/metrics/")
    assert metrics.status_code == 200
    assert "python_info" in metrics.text
    for address in ("/metrics", "/metrics/", "/health/live", "/health/ready"):
        assert (await running.http.get(address)).status_code == 404
    assert "server" not in (await running.http.get("/")).headers


async def test_without_rabbitmq_it_starts_reads_and_takes_requests(
    alone: Running, seeded: Seeded, guest: Client
) -> None:
    headers = await sign_in(alone)
    params = {"client_id": str(guest.public_id)}
    summary = await alone.http.get("/api/v1/dashboard/summary", params=params, headers=headers)
    assert summary.json()["client_name"] == guest.name
    body = {"source": "surfside", "client_id": str(guest.public_id)}
    answer = await alone.http.post("/api/v1/admin/trigger-ingestion", json=body, headers=headers)
    assert answer.status_code == 202
    ready = await alone.inner.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")


async def test_it_ends_in_order_and_its_log_holds_no_secret(running: Running, seeded: Seeded) -> None:
    headers = await sign_in(running)
    token = headers["Authorization"].split()[1]
    await running.http.get("/api/v1/clients", headers=headers)
    for password in (PASSWORD + "x", "n" * 2000):
        body = {"email": running.email, "password": password}
        await running.http.post("/api/v1/auth/login", json=body)
    running.process.terminate()
    assert running.process.wait(30) == -signal.SIGTERM  # raised again by uvicorn, at the very end
    log = running.log.read_text()
    assert "] stopped " in log
    assert "route=/api/v1/auth/login" in log
    database_password = seeded.database.url_of("gateway").split("@")[0].rpartition(":")[2]
    for secret in (PASSWORD, token, KEY, database_password):
        assert secret not in log


async def test_a_collector_that_hangs_holds_up_neither_answers_nor_the_end(
    seeded: Seeded, tmp_path: Path
) -> None:
    with receiver() as collector:
        collector.answers.clear()
        found = await begin(seeded, NO_BROKER, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        headers = await sign_in(found)
        for _ in range(20):
            assert (await found.http.get("/api/v1/clients", headers=headers)).status_code == 200

        async def came() -> bool:
            return bool(collector.posts)

        await eventually(came, what="spans")
        found.process.terminate()
        assert found.process.wait(25) == -signal.SIGTERM
        await end(found)
    assert "trace_id=" in found.log.read_text()
    assert {span.service for span in spans_of(collector)} == {"gateway"}


def start_and_fail(settings: dict[str, str]) -> str:
    found = subprocess.run(
        [sys.executable, "-m", "services.gateway.main"],
        env={"PATH": os.environ["PATH"], **settings},
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 2
    return found.stderr.decode()


def test_every_missing_setting_is_named_at_once() -> None:
    told = start_and_fail({"SECRET_KEY": "short", "PORT": "99999"})
    for name in ("DATABASE_URL", "RABBITMQ_URL", "SECRET_KEY", "PORT"):
        assert name in told
    assert "256 bits" in told
    assert "short" not in told.replace("at least", "")


GOOD: dict[str, Any] = {
    "environment": "production",
    "secret_key": "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A",
    "database_url": "postgresql://gateway:0f3c9a1b7e5d2c4a@db.example/tidemark?sslmode=verify-full",
    "rabbitmq_url": "amqps://gateway:0f3c9a1b7e5d2c4a@mq.example/",
    "cors_origins": "https://app.example",
}


def test_production_takes_what_is_fit_for_it() -> None:
    assert GatewaySettings(_env_file=None, **GOOD).environment == "production"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"debug": True}, "DEBUG"),
        ({"secret_key": "change-me-change-me-change-me-change-me"}, "SECRET_KEY"),
        ({"secret_key": "a" * 64}, "SECRET_KEY"),
        ({"cors_origins": "*"}, "CORS_ORIGINS"),
        ({"database_url": "postgresql://gateway:x@db.example/tidemark"}, "DATABASE_URL"),
        ({"database_url": "postgresql://gateway:x@db.example/tidemark?sslmode=disable"}, "DATABASE_URL"),
        ({"rabbitmq_url": "amqp://gateway:x@mq.example/"}, "RABBITMQ_URL"),
    ],
)
def test_production_refuses_what_is_not(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        GatewaySettings(_env_file=None, **{**GOOD, **change})


def test_a_key_of_255_bits_does_not_start(seeded: Seeded) -> None:
    with pytest.raises(ValueError, match="256 bits"):
        settings_of(seeded.database, secret_key="k" * 31)


async def test_a_replay_that_is_killed_after_the_move_leaves_its_line(
    seeded: Seeded, bus_settings: BusSettings, tmp_path: Path, owner: Owner
) -> None:
    """kill -9 between the move and its result: who asked for it is known, and that it was cut off."""
    queue = "notifier.failures"  # which a gateway tells nothing
    await put_raw(bus_settings, f"{queue}.dead", b"{}")
    found = await begin(
        seeded, bus_settings.rabbitmq_url, tmp_path, TIDEMARK_FAILPOINT="gateway.after_replay"
    )
    headers = await sign_in(found)
    with pytest.raises(httpx.TransportError):
        await found.http.post(f"/api/v1/admin/queues/{queue}/replay", headers=headers)
    assert found.process.wait(20) == -signal.SIGKILL
    await end(found)
    assert (await depth(bus_settings, queue), await depth(bus_settings, f"{queue}.dead")) == (1, 0)
    (line,) = await audited(owner, queue)
    assert line["action"] == "queue.replay_requested"
    assert line["user_id"] is not None
