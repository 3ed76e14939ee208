"""Local infrastructure, with real servers: nothing here is faked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aio_pika
import aioboto3
import asyncpg
import pytest

from deploy.local import (
    Infra,
    InfrastructureError,
    browser,
    ensure,
    kill_broker,
    kill_postgres,
    kinds,
    rabbitmqctl,
    recorded,
    start_broker,
    start_postgres,
    stop,
)
from deploy.local.__main__ import main
from deploy.local.packages import install
from deploy.local.processes import wait_until
from deploy.local.server import Server
from deploy.local.state import Instance

GIVEN = ("DATABASE_URL", "RABBITMQ_URL", "RABBITMQ_MANAGEMENT_URL", "S3_ENDPOINT_URL")


@pytest.fixture(scope="module")
def infra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Infra]:
    """An instance of a checkout of its own, brought up by two commands at the same moment."""
    root = tmp_path_factory.mktemp("checkout")
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor() as both:
        for variable in GIVEN:
            patch.delenv(variable, raising=False)
        first, second = both.map(lambda _: ensure(root), range(2))
        assert first == second
        try:
            yield first
        finally:
            stop(root)
    assert not (root / ".local" / "dev").exists()
    assert not any(server.folder.exists() for server in first.servers.values())
    assert still_running(first) == []


def still_running(infra: Infra) -> list[str]:
    """Command lines that name a folder of this instance's servers."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "command="], capture_output=True, text=True, check=True
    ).stdout
    folders = [str(server.folder) for server in infra.servers.values()]
    return [line for line in listed.splitlines() if any(folder in line for folder in folders)]


async def publish(infra: Infra, queue: str, body: bytes) -> None:
    async with await aio_pika.connect(infra.rabbitmq_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue)


async def take(infra: Infra, queue: str) -> bytes:
    async with await aio_pika.connect(infra.rabbitmq_url) as connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
        message = await declared.get(timeout=10)
        await message.ack()
        return message.body


async def ask(infra: Infra, *statements: str) -> object:
    """Run the statements; the value that the last one gives."""
    connection = await asyncpg.connect(infra.database_url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_postgres_answers_with_production_durability(infra: Infra) -> None:
    assert await ask(infra, "SELECT current_database()") == "tidemark"
    settings = "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name = ANY"
    assert await ask(infra, f"{settings} ('{{fsync,synchronous_commit,server_encoding}}')") == "on UTF8 on"


async def test_nobody_gets_in_without_the_password(infra: Infra) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(infra.database_url, password="guessed")
    guessed = infra.rabbitmq_url.replace(infra.servers["broker"].password, "guessed")
    with pytest.raises(aio_pika.exceptions.AMQPConnectionError):
        await aio_pika.connect(guessed)


async def test_broker_takes_and_gives_a_message_and_can_move_dead_ones(infra: Infra) -> None:
    await publish(infra, "letters", b"hello")
    assert await take(infra, "letters") == b"hello"
    # The management page offers "Move messages" with these alone.
    assert "rabbitmq_shovel_management" in rabbitmqctl(infra, "eval", "rabbit_plugins:active().")


async def test_object_store_keeps_versions(infra: Infra) -> None:
    session = aioboto3.Session(
        aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1"
    )
    async with session.client("s3", endpoint_url=infra.s3_endpoint_url) as s3:
        await s3.create_bucket(Bucket="reports")
        await s3.put_bucket_versioning(Bucket="reports", VersioningConfiguration={"Status": "Enabled"})
        written = [
            await s3.put_object(Bucket="reports", Key="day.csv", Body=body) for body in (b"a", b"b", b"a")
        ]
    assert len({answer["VersionId"] for answer in written}) == 3


def test_second_up_uses_what_runs(infra: Infra) -> None:
    before = (infra.broker_pid, infra.postgres_pid)
    again = ensure(infra.root)
    assert again == infra
    assert (again.broker_pid, again.postgres_pid) == before
    assert recorded(infra.root) == infra


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as somebody else")
def test_root_gives_each_server_an_unprivileged_user_that_can_reach_its_data(infra: Infra) -> None:
    # pytest's folders are closed to others, as /root is.
    for kind in ("broker", "postgres"):
        folder = infra.servers[kind].folder
        assert folder.stat().st_uid != 0
        assert folder.is_relative_to("/var/tmp")  # noqa: S108


async def test_killed_broker_comes_back_with_its_messages(infra: Infra) -> None:
    await publish(infra, "kept", b"survives")
    # Until then this broker would forget a queue that is killed with it (rabbitmq/ra#443).
    (directory,) = infra.servers["broker"].folder.glob("data/*/quorum/*/names.dets")
    assert wait_until(lambda: b"kept" in directory.read_bytes(), 10)
    before = infra.broker_pid
    kill_broker(infra)
    killed = infra.broker_pid
    assert killed is None
    start_broker(infra)
    assert infra.broker_pid not in (before, None)
    assert await take(infra, "kept") == b"survives"


async def test_killed_postgres_comes_back_with_its_rows(infra: Infra) -> None:
    await ask(infra, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (41) RETURNING n")
    before = infra.postgres_pid
    kill_postgres(infra)
    killed = infra.postgres_pid
    assert killed is None
    start_postgres(infra)
    assert infra.postgres_pid not in (before, None)
    assert await ask(infra, "SELECT n FROM kept") == 41


def test_another_name_runs_beside_and_down_ends_only_its_own_processes(infra: Infra) -> None:
    beside = ensure(infra.root, "beside", object_store=False)
    try:
        assert beside.broker_pid != infra.broker_pid
        assert beside.postgres_pid != infra.postgres_pid
        # A process id that now belongs to somebody else must not be ended.
        kill_postgres(beside)
        stranger = subprocess.Popen(["sleep", "60"])
        (beside.servers["postgres"].folder / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n")
    finally:
        stop(infra.root, "beside")
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    assert still_running(beside) == []
    assert infra.broker_pid
    assert infra.postgres_pid


def test_given_addresses_are_used_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db.example/tidemark")
    monkeypatch.setenv("RABBITMQ_URL", "amqps://me@broker.example/tidemark")
    monkeypatch.setenv("S3_ENDPOINT_URL", "https://s3.example")
    given = ensure(tmp_path)
    assert given.database_url == "postgresql://me@db.example/tidemark"
    assert given.rabbitmq_url == "amqps://me@broker.example/tidemark"
    assert given.rabbitmq_management_url == "https://broker.example:15671"
    assert given.s3_endpoint_url == "https://s3.example"
    assert given.servers == {}
    with pytest.raises(InfrastructureError, match="unset RABBITMQ_URL"):
        kill_broker(given)


def test_without_apt_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InfrastructureError, match="install rabbitmq-server, or set"):
        install(["rabbitmq-server"])


def test_without_chromium_and_apt_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert browser.main() == 1
    assert capsys.readouterr().err == (
        "error: Not installed because apt-get is not available: install chromium, "
        "or put a Chromium of another origin into PATH under that name.\n"
    )


def test_status_tells_a_checkout_that_started_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--name", "never-started"]) == 1
    assert "started no servers" in capsys.readouterr().out


def test_command_explains_a_bad_name() -> None:
    command = [sys.executable, "-m", "deploy.local", "up", "--name", "../x"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("error: '../x' is no name for an instance")


def test_an_end_in_the_middle_of_deleting_leaves_no_half_of_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = Instance(tmp_path, "cut")
    with instance.locked():
        folder = instance.folder / "postgres"
        folder.mkdir()
        server = Server("private", folder, instance.node, {"sql": 1})
        instance.save({"postgres": server}, {})
    assert instance.load() == {"postgres": server}

    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kinds, "stop", cut_off)
    with pytest.raises(KeyboardInterrupt):
        stop(tmp_path, "cut")
    assert instance.load() == {}
