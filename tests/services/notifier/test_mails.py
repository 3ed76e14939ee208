"""Alerts as mails: grouped, once per trouble, sent over a real line or kept until one is there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from contracts.notify.v1 import AlertRaised
from libs.mail import make_mailer
from libs.testing.waiting import eventually
from services.notifier.handlers.sending import Post, Sender
from services.notifier.rules.alarms import Limits
from tests.libs.mail.servers import Authority, Inbox, listening, settings_for, smtp_server
from tests.services.notifier.desk import DAY, Desk

URL = "https://tidemark.example"


def sender(desk: Desk, inbox: Inbox, authority: Authority, **given: Any) -> Sender:
    """One that sends to this server; ``retry`` and ``kept_days`` as given."""
    retry, kept = given.pop("retry", 60.0), given.pop("kept_days", 3.0)
    mailer = make_mailer(settings_for(inbox, authority, **given))
    return Sender(desk.engine, mailer, Post(("ops@agency.example",), URL, retry, kept))


async def due_now(desk: Desk) -> None:
    """Let the pauses of all mails be over."""
    await desk.owner.execute("UPDATE mails SET send_after = now() WHERE ended_at IS NULL")


async def outcomes(desk: Desk) -> list[str | None]:
    return [mail["outcome"] for mail in await desk.mails()]


async def test_a_missing_file_is_a_mail_with_path_advice_and_link(desk: Desk, authority: Authority) -> None:
    run = await desk.run("missing_file")
    await desk.misses(run)
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await sender(desk, inbox, authority).send_due()
    (message,) = await inbox.holds(1)
    assert message["Subject"] == "[Tidemark] 2026-10-01 missing file: Acme"
    body = message.get_content()
    assert "Acme: no surfside file of 2026-10-01" in body
    assert "expected at: s3://b/k" in body
    assert "Ask whoever delivers the report" in body
    assert f"{URL}/api/v1/admin/ingestion-logs/{run}" in body
    (mail,) = await desk.mails()
    assert message["Message-ID"] == f"<{mail['id']}@agency.example>"
    assert (mail["outcome"], mail["attempts"]) == ("sent", 1)


async def test_troubles_of_a_client_and_kind_are_one_mail(desk: Desk, authority: Authority) -> None:
    desk.limits = Limits(group_seconds=3600)
    for number in range(3):
        day = DAY + timedelta(days=number)
        await desk.alerts(
            AlertRaised(
                kind="run.held",
                message=f"held {number}",
                dedupe_key=f"h{number}",
                client_id=desk.client,
                details={"run_date": str(day)},
            )
        )
    other = await desk.add_client("Zenith")
    await desk.alerts(AlertRaised(kind="run.held", message="m", dedupe_key="z", client_id=other))
    await desk.fails(await desk.run("failed"))
    await desk.alerts(AlertRaised(kind="disk", message="the disk is full", dedupe_key="disk"))
    assert [mail["kind"] for mail in await desk.mails()] == ["run.held", "run.held", "run.failed", "disk"]
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await sender(desk, inbox, authority).send_due()
        assert inbox.taken == [], "the window is open"
        await due_now(desk)
        assert await sender(desk, inbox, authority).send_due()
    assert set(inbox.subjects) == {
        "[Tidemark] 2026-10-01 to 2026-10-03 3 × held run: Acme",
        f"[Tidemark] {(await desk.rows())[-1]['opened_at']:%Y-%m-%d} held run: Zenith",
        "[Tidemark] 2026-10-01 failed run: Acme",
        f"[Tidemark] {(await desk.rows())[-1]['opened_at']:%Y-%m-%d} disk: all clients",
    }
    held = next(message for _, message in inbox.taken if "3 ×" in message["Subject"])
    assert all(f"- held {number}" in held.get_content() for number in range(3))


async def test_the_same_trouble_is_mailed_once_until_it_is_over_and_begins_anew(desk: Desk) -> None:
    await desk.fails(await desk.run("failed"))
    await desk.owner.execute("UPDATE mails SET sealed_at = now(), subject = 's', body = 'b'")
    await desk.fails(await desk.run("failed", 1))
    await desk.owner.execute("UPDATE notifications SET acknowledged_at = now()")
    await desk.fails(await desk.run("failed", 2))
    assert len(await desk.mails()) == 1
    await desk.loads(await desk.run("loaded", 3))
    await desk.fails(await desk.run("failed", 4))
    assert len(await desk.mails()) == 2


async def test_information_is_no_mail(desk: Desk) -> None:
    await desk.alerts(AlertRaised(kind="note", severity="info", message="m", dedupe_key="k"))
    assert await desk.mails() == []


async def test_what_is_over_before_it_is_told_is_not_told(desk: Desk, authority: Authority) -> None:
    await desk.misses(await desk.run("missing_file"))
    await desk.loads(await desk.run("loaded", 1))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await sender(desk, inbox, authority).send_due()
    assert inbox.taken == []
    assert await outcomes(desk) == ["settled"]


async def test_a_trouble_that_comes_while_a_mail_is_sealed_is_in_the_next(
    desk: Desk, authority: Authority
) -> None:
    inbox = Inbox(answers=["451 later"])
    async with smtp_server(inbox, authority.server_context()):
        await desk.fails(await desk.run("failed"))
        assert await sender(desk, inbox, authority).send_due()
        await desk.alerts(
            AlertRaised(kind="run.failed", message="another", dedupe_key="2", client_id=desk.client)
        )
        assert await sender(desk, inbox, authority).send_due()
        await due_now(desk)
        assert await sender(desk, inbox, authority).send_due()
    assert len(inbox.taken) == 2
    assert sum("another" in message.get_content() for _, message in inbox.taken) == 1


async def test_a_hostile_client_name_is_text(desk: Desk, authority: Authority) -> None:
    name = "Evil\r\nBcc: all@evil.example\r\n\r\n<img src=x>\u202e"
    desk.client = await desk.add_client(name)
    await desk.misses(await desk.run("missing_file"))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        await sender(desk, inbox, authority).send_due()
    ((envelope, message),) = inbox.taken
    assert envelope.rcpt_tos == ["ops@agency.example"]
    assert message["Bcc"] is None
    assert message["Subject"].endswith("missing file: Evil Bcc: all@evil.example <img src=x>")
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("answer", ["451 greylisted", "550 unknown"])
async def test_what_the_server_does_not_take_waits_and_is_sent_later(
    desk: Desk, authority: Authority, answer: str
) -> None:
    await desk.fails(await desk.run("failed"))
    async with smtp_server(Inbox(answers=[answer]), authority.server_context()) as inbox:
        assert await sender(desk, inbox, authority).send_due()
        (mail,) = await desk.mails()
        assert answer in mail["last_error"]
        pause = (mail["send_after"] - mail["updated_at"]).total_seconds()
        assert pause == pytest.approx(60 if answer.startswith("4") else 3600, abs=5)
        assert await sender(desk, inbox, authority).send_due()
        assert inbox.taken == [], "not before its pause is over"
        await due_now(desk)
        assert await sender(desk, inbox, authority).send_due()
    assert len(inbox.taken) == 1
    assert await outcomes(desk) == ["sent"]


async def test_pauses_grow_up_to_ten_minutes(desk: Desk, authority: Authority) -> None:
    await desk.fails(await desk.run("failed"))
    pauses = []
    async with smtp_server(Inbox(answers=["451 later"] * 6), authority.server_context()) as inbox:
        for _ in range(6):
            await due_now(desk)
            await sender(desk, inbox, authority).send_due()
            (mail,) = await desk.mails()
            pauses.append(round((mail["send_after"] - mail["updated_at"]).total_seconds(), -1))
    assert pauses == [60, 120, 240, 480, 600, 600]
    (trouble,) = [row for row in await desk.rows() if row["kind"] == "mail.trouble"]
    assert trouble["message"].startswith("1 mails wait, the mail server does not take them")
    assert trouble["severity"] == "error"


async def test_with_the_server_away_one_try_is_made_and_nothing_is_lost(
    desk: Desk, authority: Authority
) -> None:
    inbox = Inbox()
    async with listening(asyncio.Protocol, inbox):
        pass
    for kind in ("a", "b", "c"):
        await desk.alerts(AlertRaised(kind=kind, message=kind, dedupe_key=kind))
    assert not await sender(desk, inbox, authority).send_due()
    assert sorted(mail["attempts"] for mail in await desk.mails()) == [0, 0, 1]
    async with smtp_server(inbox, authority.server_context()):
        await due_now(desk)
        assert await sender(desk, inbox, authority).send_due()
        assert len(inbox.taken) == 3


async def test_a_line_that_is_cut_is_begun_anew_with_the_same_letter(
    desk: Desk, authority: Authority
) -> None:
    await desk.fails(await desk.run("failed"))
    async with smtp_server(Inbox(drop=True), authority.server_context()) as inbox:
        assert not await sender(desk, inbox, authority).send_due()
        inbox.drop = False
        await due_now(desk)
        assert await sender(desk, inbox, authority).send_due()
    (mail,) = await desk.mails()
    assert [message["Message-ID"] for _, message in inbox.taken] == [f"<{mail['id']}@agency.example>"]


async def test_after_days_a_mail_is_given_up_and_that_is_told(desk: Desk, authority: Authority) -> None:
    await desk.fails(await desk.run("failed"))
    await desk.owner.execute("UPDATE mails SET created_at = now() - interval '4 days'")
    async with smtp_server(Inbox(answers=["451 later"]), authority.server_context()) as inbox:
        assert await sender(desk, inbox, authority).send_due()
    assert await outcomes(desk) == ["given up"]
    (trouble,) = [row for row in await desk.rows() if row["kind"] == "mail.trouble"]
    assert "given up: [Tidemark] 2026-10-01 failed run: Acme" in trouble["message"]
    assert len(await desk.mails()) == 1, "a mail about mail would be in vain"


async def test_two_senders_send_each_mail_once(desk: Desk, authority: Authority) -> None:
    for number in range(12):
        await desk.alerts(AlertRaised(kind=f"k{number}", message="m", dedupe_key=f"{number}"))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        await asyncio.gather(*(sender(desk, inbox, authority).send_due() for _ in range(3)))
    assert len(inbox.subjects) == len({message["Message-ID"] for _, message in inbox.taken}) == 12
    assert set(await outcomes(desk)) == {"sent"}


async def test_a_running_sender_is_woken_and_comes_back_after_trouble(
    desk: Desk, authority: Authority
) -> None:
    inbox = Inbox()
    async with listening(asyncio.Protocol, inbox):
        pass
    running = sender(desk, inbox, authority, retry=0.2, smtp_timeout=2)
    task = asyncio.create_task(running.run())
    try:
        await desk.fails(await desk.run("failed"))
        running.look()

        async def tried() -> bool:
            return any(mail["last_error"] for mail in await desk.mails())

        await eventually(tried)
        async with smtp_server(inbox, authority.server_context()):
            await inbox.holds(1)
            await desk.alerts(AlertRaised(kind="disk", message="m", dedupe_key="disk"))
            running.look()
            await inbox.holds(2)

            async def all_ended() -> bool:
                return all(mail["outcome"] == "sent" for mail in await desk.mails())

            await eventually(all_ended)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
