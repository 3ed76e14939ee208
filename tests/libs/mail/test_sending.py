"""Letters over real lines: with TLS, without, refused, hung, dropped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from libs.mail import Letter, MailRefused, MailSettings, MailUnavailable, make_mailer
from tests.libs.mail.servers import Authority, Inbox, listening, make_authority, settings_for, smtp_server

NOON = datetime(2026, 10, 2, 12, tzinfo=UTC)


def letter(
    subject: str = "Acme: a file is missing", body: str = "Look.\n", to: str = "you@x.example"
) -> Letter:
    return Letter((to,), subject, body, "b7c1", NOON)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("ca"))


async def send(settings: MailSettings, *letters: Letter) -> list[tuple[str, ...]]:
    async with make_mailer(settings).line() as line:
        return [await line.send(each) for each in letters]


async def test_a_letter_goes_over_starttls_to_its_recipient(authority: Authority) -> None:
    async with smtp_server(Inbox(), authority.server_context(), sign_in=True) as inbox:
        settings = settings_for(
            inbox, authority, environment="production", smtp_user="user", smtp_password="pass word"
        )
        assert await send(settings, letter()) == [()]
    ((envelope, message),) = inbox.taken
    assert inbox.encrypted == [True]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tidemark@agency.example", ["you@x.example"])
    assert message["Message-ID"] == "<b7c1@agency.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOON
    assert (message["To"], message["Subject"]) == ("you@x.example", "Acme: a file is missing")
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == "Look.\n"


async def test_in_staging_all_mail_goes_to_the_alert_address(authority: Authority) -> None:
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        await send(settings_for(inbox, authority), letter(), letter())
    assert [envelope.rcpt_tos for envelope, _ in inbox.taken] == [["ops@agency.example"]] * 2


async def test_tls_from_the_first_byte(authority: Authority) -> None:
    async with smtp_server(Inbox(), authority.server_context(), tls_at_once=True) as inbox:
        await send(settings_for(inbox, authority, smtp_tls="tls"), letter())
    assert len(inbox.taken) == 1


async def test_a_server_without_starttls_gets_nothing(authority: Authority) -> None:
    async with smtp_server(Inbox(), None) as inbox:
        with pytest.raises(MailUnavailable, match="STARTTLS") as raised:
            await send(settings_for(inbox, authority), letter())
    assert raised.value.line_lost
    assert inbox.taken == []


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_certificate_of_another_name_or_authority_is_refused(
    authority: Authority, trusted: bool, tmp_path: Path
) -> None:
    context = authority.server_context("mail.elsewhere.example" if trusted else "localhost")
    ours = authority if trusted else make_authority(tmp_path)
    async with smtp_server(Inbox(), context) as inbox:
        with pytest.raises(MailUnavailable, match=r"(?i)certificate"):
            await send(settings_for(inbox, ours), letter())
    assert inbox.taken == []


async def test_a_wrong_password_is_a_refusal(authority: Authority) -> None:
    async with smtp_server(Inbox(), authority.server_context(), sign_in=True) as inbox:
        settings = settings_for(inbox, authority, smtp_user="user", smtp_password="wrong")
        with pytest.raises(MailRefused, match="535"):
            await send(settings, letter())


async def test_nobody_listens(authority: Authority) -> None:
    inbox = Inbox()
    async with listening(asyncio.Protocol, inbox):
        pass
    with pytest.raises(MailUnavailable):
        await send(settings_for(inbox, authority), letter())


async def test_a_server_that_says_nothing_is_given_up(authority: Authority) -> None:
    async with listening(asyncio.Protocol, Inbox()) as inbox:
        async with asyncio.timeout(10):
            with pytest.raises(MailUnavailable) as raised:
                await send(settings_for(inbox, authority, smtp_timeout=0.3), letter())
    assert raised.value.line_lost


async def test_a_server_that_hangs_over_a_letter_is_given_up(authority: Authority) -> None:
    async with smtp_server(Inbox(hang_before_data=asyncio.Event()), authority.server_context()) as inbox:
        async with asyncio.timeout(10):
            with pytest.raises(MailUnavailable) as raised:
                await send(settings_for(inbox, authority, smtp_timeout=0.5), letter())
    assert raised.value.line_lost


async def test_a_line_that_is_cut_is_a_line_lost(authority: Authority) -> None:
    async with smtp_server(Inbox(drop=True), authority.server_context()) as inbox:
        with pytest.raises(MailUnavailable) as raised:
            await send(settings_for(inbox, authority), letter())
    assert raised.value.line_lost


@pytest.mark.parametrize(
    ("answer", "error"), [("451 greylisted", MailUnavailable), ("550 no such user", MailRefused)]
)
async def test_what_the_server_says_decides_and_the_line_stays(
    authority: Authority, answer: str, error: type[Exception]
) -> None:
    async with (
        smtp_server(Inbox(answers=[answer]), authority.server_context()) as inbox,
        make_mailer(settings_for(inbox, authority)).line() as line,
    ):
        with pytest.raises(error, match=answer) as raised:
            await line.send(letter())
        assert not getattr(raised.value, "line_lost", False)
        assert await line.send(letter()) == ()
    assert len(inbox.taken) == 1


async def test_one_refused_recipient_of_two_is_told(authority: Authority) -> None:
    async with smtp_server(Inbox(answers=["550 no"]), authority.server_context()) as inbox:
        settings = settings_for(inbox, authority, alert_email="gone@x.example, here@x.example")
        assert await send(settings, letter()) == [("gone@x.example",)]
    assert inbox.taken[0][0].rcpt_tos == ["here@x.example"]


async def test_in_development_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert await send(MailSettings(environment="development"), letter("A\r\nBcc: x@y.example")) == [()]
    shown = capsys.readouterr().out
    assert "Subject: A Bcc: x@y.example" in shown
    assert "Look." in shown


GOOD: dict[str, Any] = {
    "environment": "production",
    "smtp_host": "mail.example",
    "smtp_from": "a@b.example",
    "alert_email": "c@d.example",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"smtp_tls": "none"}, "SMTP_TLS=none"),
        ({"smtp_host": "", "alert_email": ""}, "production sends mail: set SMTP_HOST, ALERT_EMAIL"),
        ({"environment": "staging", "smtp_from": ""}, "staging sends mail: set SMTP_FROM"),
        (
            {"environment": "staging", "smtp_tls": "none", "smtp_user": "u", "smtp_password": "p"},
            "in the clear",
        ),
        ({"smtp_user": "u"}, "go together"),
        ({"alert_email": "c@d.example, nobody"}, "'nobody' is not an e-mail address"),
        ({"alert_email": "c@d.example\r\nBcc: x@y.example"}, "not an e-mail address"),
        ({"smtp_from": "Tidemark <a@b.example>"}, "not an e-mail address"),
        ({"smtp_ca_file": "/nowhere.pem"}, "there is no file /nowhere.pem"),
    ],
)
def test_settings_that_cannot_send_are_named(wrong: dict[str, Any], said: str) -> None:
    assert MailSettings(**GOOD).alert_recipients == ("c@d.example",)
    with pytest.raises(ValidationError) as raised:
        MailSettings(**{**GOOD, **wrong})
    assert said in str(raised.value)
