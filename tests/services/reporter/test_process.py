"""A reporter as a process, killed after it sent and before it noted that."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy.local.ports import free_ports
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.queues import depth, put_raw
from libs.testing.waiting import eventually
from services.reporter.settings import ReporterSettings
from tests.faults.processes import Supervised
from tests.libs.mail.servers import Authority, Inbox, smtp_server
from tests.services.notifier.test_process import environment
from tests.services.reporter.office import MONDAY, Office


async def test_a_killed_reporter_sends_each_report_under_one_message_id(
    office: Office, database: Database, bus_settings: BusSettings, authority: Authority, tmp_path: Path
) -> None:
    """Killed between sending and noting it, and before an ack: a copy has the first one's Message-ID."""
    schedules = [await office.schedule(frequency, ("pdf",)) for frequency in ("weekly", "monthly")]
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        port = free_ports("http")["http"]
        environ = environment(database.url_of("reporter"), bus_settings.rabbitmq_url, inbox, authority)
        process = Supervised(
            name="reporter",
            module="services.reporter.main",
            environment={**environ, "PORT": str(port)},
            folder=tmp_path,
            port=port,
            failpoints=["reporter.after_send"],
        )
        await process.start()
        try:
            for schedule in schedules:
                body = office.command(schedule, MONDAY).model_dump_json().encode()
                await put_raw(bus_settings, "reporter.requests", body)

            async def all_sent() -> bool:
                found = await office.deliveries()
                return len(found) == 2 and all(row["status"] == "sent" for row in found)

            await eventually(all_sent, within=120)
        finally:
            await process.stop()
    assert process.kills >= 1
    ids = [message["Message-ID"] for _, message in inbox.taken]
    assert len(set(ids)) == 2
    assert len(ids) == 3, "the one that was sent before the kill came again"
    assert await depth(bus_settings, "reporter.requests.dead") == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SMTP_HOST": ""}, "staging sends mail: set SMTP_HOST"),
        ({"ENVIRONMENT": "production"}, "DATABASE_URL is without TLS"),
        ({"MAIL_RETRY_SECONDS": "1.5"}, "MAIL_RETRY_SECONDS must be more than twice SMTP_TIMEOUT"),
    ],
)
def test_settings_that_do_not_fit_are_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, changes: dict[str, str], said: str
) -> None:
    environ = environment("postgresql://n@127.0.0.1:1/n", "amqp://127.0.0.1:1/", Inbox(), authority)
    for name, value in {**environ, **changes}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=said):
        ReporterSettings(_env_file=None)
