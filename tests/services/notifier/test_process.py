"""Notifiers as processes, killed under load: every alert is mailed, a repeat has the same Message-ID."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from contracts.notify.v1 import AlertRaised
from deploy.local.ports import free_ports
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.queues import depth, put_raw
from libs.testing.waiting import eventually
from tests.faults.processes import Supervised, troubles
from tests.libs.mail.servers import Authority, Inbox, smtp_server
from tests.services.notifier.desk import Desk

ROOT = Path(__file__).parents[3]
ALERTS = 40


def environment(database_url: str, rabbitmq_url: str, inbox: Inbox, authority: Authority) -> dict[str, str]:
    """Of a notifier that mails to this server and tries again soon."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "ENVIRONMENT": "staging",
        "DATABASE_URL": database_url,
        "RABBITMQ_URL": rabbitmq_url,
        "RETRY_SECONDS": "[0.1, 0.2, 0.4]",
        "SMTP_HOST": "localhost",
        "SMTP_PORT": str(inbox.port or 25),
        "SMTP_FROM": "tidemark@agency.example",
        "SMTP_CA_FILE": str(authority.ca_file),
        "SMTP_TIMEOUT": "0.9",
        "ALERT_EMAIL": "ops@agency.example",
        "MAIL_RETRY_SECONDS": "2",
        "MAIL_GROUP_SECONDS": "0",
    }


@pytest.fixture
async def processes() -> AsyncIterator[list[Supervised]]:
    started: list[Supervised] = []
    yield started
    await asyncio.gather(*(process.stop() for process in started))
    for process in started:
        print(process.name, process.deaths, troubles(process.log), sep="\n")


async def raise_alerts(settings: BusSettings, desk: Desk, numbers: range) -> None:
    """Alerts of as many kinds: a mail each."""
    for number in numbers:
        event = AlertRaised(
            kind=f"kind{number}", message=f"alert {number}", dedupe_key=f"{number}", client_id=desk.client
        )
        body = event.model_dump_json().encode()
        await put_raw(settings, "notifier.alerts", body, correlation_id=f"c{number}")


async def died(processes: list[Supervised], times: int) -> bool:
    """Whether each was killed that often."""
    return all(process.kills >= times for process in processes)


async def test_killed_notifiers_mail_every_alert(
    desk: Desk,
    database: Database,
    bus_settings: BusSettings,
    authority: Authority,
    processes: list[Supervised],
    tmp_path: Path,
) -> None:
    """Killed after sending and before noting it, before acks, and by signals; two processes at a time."""
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        for number, failpoints in enumerate(
            (["notifier.after_send:3", "notifier.before_ack:2"], ["notifier.after_send"])
        ):
            port = free_ports("http")["http"]
            environ = environment(database.url_of("notifier"), bus_settings.rabbitmq_url, inbox, authority)
            process = Supervised(
                name=f"notifier-{number}",
                module="services.notifier.main",
                environment={**environ, "PORT": str(port)},
                folder=tmp_path,
                port=port,
                failpoints=failpoints,
            )
            processes.append(process)
            await process.start()
        await raise_alerts(bus_settings, desk, range(ALERTS // 2))
        await eventually(lambda: died(processes, 1), within=60, what="a death of each after sending")
        async with httpx.AsyncClient(timeout=5) as http:
            # The other one could take all that is left before this one is there again.
            await eventually(lambda: processes[0].ready(http), within=60, what="the first one is back")
        processes[1].send(signal.SIGKILL)
        await raise_alerts(bus_settings, desk, range(ALERTS // 2, ALERTS))
        await eventually(lambda: died(processes, 2), within=60, what="another death of each")

        async def all_told() -> bool:
            mails = await desk.mails()
            return len(mails) == ALERTS and all(mail["outcome"] == "sent" for mail in mails)

        await eventually(all_told, within=60)
    ids = {str(mail["id"]) for mail in await desk.mails()}
    arrived = [message["Message-ID"].strip("<>").partition("@")[0] for _, message in inbox.taken]
    assert set(arrived) == ids, "each mail arrived; copies are known by their Message-ID"
    assert len(arrived) - len(ids) <= sum(process.kills for process in processes)
    assert {message["Subject"].split()[2] for _, message in inbox.taken} == {
        f"kind{number}:" for number in range(ALERTS)
    }
    assert all(row["times"] == 1 for row in await desk.rows())
    assert await depth(bus_settings, "notifier.alerts.dead") == 0


async def test_a_hanging_mail_server_holds_up_no_message(
    desk: Desk,
    database: Database,
    bus_settings: BusSettings,
    authority: Authority,
    processes: list[Supervised],
    tmp_path: Path,
) -> None:
    inbox = Inbox(hang_before_data=asyncio.Event())
    async with smtp_server(inbox, authority.server_context()):
        port = free_ports("http")["http"]
        environ = environment(database.url_of("notifier"), bus_settings.rabbitmq_url, inbox, authority)
        process = Supervised(
            name="notifier",
            module="services.notifier.main",
            environment={**environ, "PORT": str(port)},
            folder=tmp_path,
            port=port,
        )
        processes.append(process)
        await process.start()
        for number in range(10):
            event = AlertRaised(kind=f"kind{number}", message="m", dedupe_key=f"{number}")
            await put_raw(bus_settings, "notifier.alerts", event.model_dump_json().encode())

        async def all_kept() -> bool:
            kept = [row for row in await desk.rows() if row["kind"].startswith("kind")]
            return len(kept) == 10 and await depth(bus_settings, "notifier.alerts") == 0

        await eventually(all_kept, within=30)
        assert inbox.taken == []

        async def tried() -> bool:
            return any(mail["last_error"] for mail in await desk.mails())

        await eventually(tried, within=20)
        assert inbox.hang_before_data is not None
        inbox.hang_before_data.set()
        inbox.hang_before_data = None

        async def all_sent() -> bool:
            return all(mail["outcome"] == "sent" for mail in await desk.mails())

        await eventually(all_sent, within=60)
    assert {message["Message-ID"] for _, message in inbox.taken} == {
        f"<{mail['id']}@agency.example>" for mail in await desk.mails()
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SMTP_HOST": ""}, "staging sends mail: set SMTP_HOST"),
        ({"ENVIRONMENT": "production", "SMTP_TLS": "none"}, "not in production: SMTP_TLS=none"),
        ({"ENVIRONMENT": "production"}, "DATABASE_URL is without TLS"),
        ({"MAIL_RETRY_SECONDS": "1.5"}, "MAIL_RETRY_SECONDS must be more than twice SMTP_TIMEOUT"),
        ({"ALERT_EMAIL": "nobody"}, "ALERT_EMAIL: Value error, 'nobody' is not an e-mail address"),
        ({"PUBLIC_URL": "javascript:alert(1)"}, "PUBLIC_URL: Value error, must be an http"),
    ],
)
async def test_settings_that_do_not_fit_are_named_at_the_start(
    authority: Authority, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    environ = environment("postgresql://n@127.0.0.1:1/n", "amqp://127.0.0.1:1/", Inbox(), authority)
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.notifier.main"],
        env={**environ, **changes},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert said in ended.stderr
