"""kill -9 of a notifier before a real mail server: no trouble is lost, a copy has the same Message-ID."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from contracts.notify.v1 import AlertRaised
from libs.testing.queues import put_raw
from libs.testing.waiting import eventually
from tests.faults.conftest import lives, told
from tests.faults.world import Launch, World
from tests.libs.mail.servers import Authority, Inbox, make_authority, smtp_server

POINTS = {"notifier.after_send": 6, "notifier.before_ack": 6}
ALERTS = 16
AT_LEAST = 6
"""Alerts put after each death, so that every life has something to die of."""
ALL_TOLD = "SELECT count(*) = $1 AND count(*) FILTER (WHERE outcome = 'sent') = $1 FROM mails"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the mail server's certificate."""
    return make_authority(tmp_path_factory.mktemp("ca"))


async def test_killed_notifier(
    world: World, authority: Authority, killed_at: str, seed: int, request: pytest.FixtureRequest
) -> None:
    """Beside it, for every other seed, a second one goes on."""
    deaths = lives(killed_at, POINTS[killed_at], seed)
    wrong = await _violations(world, authority, deaths, beside=seed % 2 == 0)
    assert not wrong, told(request, seed, wrong, world)


async def test_noting_before_sending_is_seen(world: World, authority: Authority) -> None:
    """The check can fail: a mail that counts as sent before it is."""
    wrong = await _violations(world, authority, ("notifier.after_send:2",), mutation="notes_before_sending")
    assert any("never mailed" in violation for violation in wrong), wrong


async def _violations(
    world: World, authority: Authority, deaths: tuple[str, ...], *, beside: bool = False, mutation: str = ""
) -> list[str]:
    """Alerts before, between and after the deaths of one; then what is in the inbox and in the database."""
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        settings = _settings(inbox, authority.ca_file)
        others = [Launch("notifier", settings=settings)] if beside else []
        await world.start([Launch("notifier", deaths, mutation, settings), *others])
        raised = await _load_until_dead(world, len(deaths))
        await world.ready()
        await world.until(ALL_TOLD, raised, what=f"{raised} mails are noted as sent")
        await world.still()
        async with world.connected() as connection:
            mails = {str(row["id"]) for row in await connection.fetch("SELECT id FROM mails")}
            times = await connection.fetch("SELECT kind, times FROM notifications")
        dead = await world.queues.dead_letters()
    arrived = Counter(mail["Message-ID"].strip("<>").partition("@")[0] for _, mail in inbox.taken)
    subjects = {(mail["Message-ID"], mail["Subject"]) for _, mail in inbox.taken}
    heard = [subject.split()[2] for _, subject in subjects]
    wanted = {f"kind{number}:" for number in range(raised)}
    kills = world.process("notifier-1").kills
    copies = arrived.total() - len(arrived)
    wrong = [f"never mailed: {mail}" for mail in sorted(mails - set(arrived))]
    wrong += [f"mailed, but nowhere noted: {mail}" for mail in sorted(set(arrived) - mails)]
    wrong += [f"trouble not told: {kind}" for kind in sorted(wanted - set(heard))]
    wrong += [f"told under {n} Message-IDs: {kind}" for kind, n in Counter(heard).items() if n > 1]
    wrong += [f"counted {row['times']} times: {row['kind']}" for row in times if row["times"] != 1]
    unnoted = sum(death.startswith("notifier.after_send") for death in deaths)
    if not unnoted <= copies <= kills:
        wrong.append(f"{copies} copies after {kills} kills, {unnoted} of them between sending and noting it")
    return wrong + [f"dead letter of {letter.queue}: {letter.reason}" for letter in dead]


async def _load_until_dead(world: World, kills: int) -> int:
    """Alerts of as many kinds, a mail each, until the first notifier died so often; returns how many."""
    first, raised = world.process("notifier-1"), 0
    for life in range(kills + 1):

        async def back(life: int = life) -> bool:
            return first.kills > life or await first.ready(world.http)

        await eventually(back, within=60, what="the notifier is there")
        for _ in range(max(AT_LEAST, ALERTS // (kills + 1))):
            await _raise_alert(world, raised)
            raised += 1

        async def died(life: int = life) -> bool:
            nonlocal raised
            if first.kills > life:
                return True
            await _raise_alert(world, raised)  # another one may have taken all the others
            raised += 1
            return False

        if life < kills:
            await eventually(
                died, within=60, every=0.2, what="it dies there: else the experiment proves nothing"
            )
    return raised


async def _raise_alert(world: World, number: int) -> None:
    event = AlertRaised(kind=f"kind{number}", message=f"alert {number}", dedupe_key=f"{number}")
    await put_raw(world.bus, "notifier.alerts", event.model_dump_json().encode(), correlation_id=f"c{number}")


def _settings(inbox: Inbox, ca_file: Path) -> dict[str, str]:
    """Of a notifier that mails to this server and tries again soon."""
    return {
        "ENVIRONMENT": "staging",
        "SMTP_HOST": "localhost",
        "SMTP_PORT": str(inbox.port),
        "SMTP_FROM": "tidemark@agency.example",
        "SMTP_CA_FILE": str(ca_file),
        "SMTP_TIMEOUT": "0.9",
        "ALERT_EMAIL": "ops@agency.example",
        "MAIL_RETRY_SECONDS": "2",
        "MAIL_GROUP_SECONDS": "0",
    }
