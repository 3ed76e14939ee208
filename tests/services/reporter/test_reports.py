"""Reports over a real line: once, whole or with a note, to whom the environment allows."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from libs.bus import Bus
from libs.exports.report import day_text
from libs.settings import BusSettings
from libs.testing.queues import depth, put_raw
from libs.testing.waiting import eventually
from services.reporter.handlers import NoSuchSchedule, subscribe
from tests.libs.mail.servers import Authority, Inbox, smtp_server
from tests.services.gateway.world import expected
from tests.services.reporter.office import LAST_WEEK, MONDAY, RECIPIENTS, Office


def files_of(message: EmailMessage) -> dict[str, bytes]:
    """Attachments by the end of their names."""
    found = {}
    for part in message.iter_attachments():
        name, content = part.get_filename(), part.get_payload(decode=True)
        assert name is not None
        assert isinstance(content, bytes)
        found[name.rpartition(".")[2]] = content
    return found


async def test_a_report_has_the_weeks_figures_as_pdf_and_workbook(
    office: Office, authority: Authority
) -> None:
    schedule = await office.schedule()
    await office.ask(schedule)
    await office.ask(schedule)
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        sender = office.sender(inbox, authority)
        assert await sender.send_next()
        assert not await sender.send_next(), "asked twice, sent once"
    ((envelope, message),) = inbox.taken
    assert envelope.rcpt_tos == RECIPIENTS
    week = expected(office.client.facts, lambda f: LAST_WEEK[0] <= f.day <= LAST_WEEK[1])
    files = files_of(message)
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(files["pdf"]))
    assert "Performance Dashboard – North" in text
    assert f"{week['spend']:,}" in text
    assert "Media cost" not in text, "its users may not see it"
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))
    assert book.sheet_names == [
        "Days",
        "Sources",
        "Campaigns",
        "Strategies",
        "Placements",
        "Creatives",
        "About",
    ]
    for sheet in book.sheet_names[:-1]:
        head, *rows = book.get_sheet_by_name(sheet).to_python()
        column = head.index("Spend (USD)")
        spend = sum((Decimal(repr(row[column])) for row in rows if row[column] != ""), Decimal(0))
        assert spend.quantize(Decimal("0.01"), ROUND_HALF_UP) == week["spend"], sheet
        assert "Media cost (USD)" not in head
    delivery = await office.only()
    assert (delivery["status"], delivery["attempts"]) == ("sent", 1)
    assert (delivery["period_start"], delivery["period_end"]) == LAST_WEEK
    assert delivery["sent_at"] is not None
    letter = message.get_body()
    assert letter is not None
    assert f"Spend: {week['spend']:,} USD" in letter.get_content()


async def test_missing_days_are_waited_for_and_then_told(office: Office, authority: Authority) -> None:
    missing = LAST_WEEK[0] + timedelta(days=2)
    await office.owner.execute("DELETE FROM slice_head WHERE source = 'vibe' AND date = $1", missing)
    await office.ask(await office.schedule(formats=("pdf",)))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        sender = office.sender(inbox, authority)
        assert await sender.send_next()
        waiting = await office.only()
        assert (waiting["status"], waiting["attempts"]) == ("waiting", 0)
        assert waiting["error"] == "waits for vibe: 1 of 7 days"
        assert not await sender.send_next(), "it is looked again later"
        assert inbox.taken == []
        await office.due_now()
        await office.owner.execute("UPDATE report_deliveries SET created_at = now() - interval '25 hours'")
        assert await sender.send_next()
    ((_, message),) = inbox.taken
    letter = message.get_body()
    assert letter is not None
    assert "vibe: 1 day is missing" in letter.get_content().replace("\n", " ")
    sent = await office.only()
    assert sent["status"] == "sent"
    assert any("vibe" in note for note in sent["notes"])


async def test_a_source_that_never_delivered_is_waited_for_and_then_told(
    office: Office, authority: Authority
) -> None:
    """A source that was set up before the period began, as a bad password or a wrong pattern leaves it."""
    await office.owner.execute("DELETE FROM slice_head WHERE source = 'surfside'")
    await office.owner.execute("UPDATE source_settings SET created_at = now() - interval '60 days'")
    await office.ask(await office.schedule(formats=("pdf",)))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        sender = office.sender(inbox, authority)
        assert await sender.send_next()
        assert (await office.only())["error"] == "waits for surfside: 7 of 7 days"
        await office.due_now()
        assert await office.sender(inbox, authority, wait_hours=0.0).send_next()
    ((_, message),) = inbox.taken
    letter = message.get_body()
    assert letter is not None
    assert "surfside: 7 days are missing" in letter.get_content().replace("\n", " ")


async def test_uploads_are_not_waited_for_but_what_is_not_uploaded_is_told(
    office: Office, authority: Authority
) -> None:
    last = LAST_WEEK[0] + timedelta(days=2)
    await office.owner.execute(
        "INSERT INTO slice_head (client_id, source, account, date, run_no, delivered_at, digest) "
        "SELECT client_id, 'facebook', account, date, run_no, delivered_at, digest FROM slice_head "
        "WHERE source = 'vibe' AND date <= $1",
        last,
    )
    await office.ask(await office.schedule(formats=("pdf",)))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await office.sender(inbox, authority).send_next()
    assert len(inbox.taken) == 1
    sent = await office.only()
    assert sent["status"] == "sent"
    assert f"facebook: uploaded up to {day_text(last)}" in " ".join(sent["notes"])


async def test_a_mail_server_that_is_away_is_tried_again_with_the_same_message_id(
    office: Office, authority: Authority
) -> None:
    await office.ask(await office.schedule("monthly", ("pdf",)))
    inbox = Inbox(drop=True)
    async with smtp_server(inbox, authority.server_context()):
        sender = office.sender(inbox, authority)
        assert await sender.send_next()
        failed = await office.only()
        assert (failed["status"], failed["attempts"]) == ("waiting", 1)
        assert failed["error"]
        inbox.drop = False
        await office.due_now()
        assert await sender.send_next()
        # Killed after sending, before noting it: the row still waits.
        await office.owner.execute("UPDATE report_deliveries SET status = 'waiting', send_after = now()")
        assert await office.sender(inbox, authority).send_next()
    first, second = (message["Message-ID"] for _, message in inbox.taken)
    assert first == second


async def test_a_report_that_nobody_takes_is_given_up_with_an_alert(
    office: Office, authority: Authority
) -> None:
    await office.ask(await office.schedule(formats=("pdf",)))
    async with smtp_server(Inbox(answers=["550 no", "550 no"]), authority.server_context()) as inbox:
        assert await office.sender(inbox, authority, kept_days=0.0).send_next()
    assert (await office.only())["status"] == "given up"
    assert await office.alerts() == ["alert.raised"]


async def test_staging_sends_to_alert_email_alone_and_development_prints(
    office: Office, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = await office.schedule(formats=("pdf",))
    await office.ask(schedule)
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await office.sender(inbox, authority, environment="staging").send_next()
        ((envelope, _),) = inbox.taken
        assert envelope.rcpt_tos == ["ops@agency.example"]
        await office.ask(schedule, MONDAY - timedelta(days=7))
        assert await office.sender(inbox, authority, environment="development").send_next()
    assert len(inbox.taken) == 1
    printed = capsys.readouterr().out
    assert "not sent in development" in printed
    assert ".pdf, " in printed


async def test_a_schedule_that_ended_sends_nothing(office: Office, authority: Authority) -> None:
    await office.ask(await office.schedule(active=False))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        assert await office.sender(inbox, authority).send_next()
    assert inbox.taken == []
    assert (await office.only())["status"] == "cancelled"
    with pytest.raises(NoSuchSchedule):
        await office.ask(uuid4())


async def test_a_request_from_the_queue_is_sent_by_the_sender(
    office: Office, authority: Authority, bus_settings: BusSettings
) -> None:
    """Typed by hand: a body, no headers. A wrong one is dead, with its reason."""
    schedule = await office.schedule(formats=("pdf",))
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        sender = office.sender(inbox, authority)
        bus = Bus(bus_settings, "reporter")
        subscribe(bus, office.engine, on_report=sender.look)
        task: asyncio.Task[Any] = asyncio.create_task(sender.run())
        await bus.start()
        try:
            for wanted in (schedule, uuid4()):
                body = office.command(wanted).model_dump_json().encode()
                await put_raw(bus_settings, "reporter.requests", body)
            await inbox.holds(1)

            async def dead() -> bool:
                return await depth(bus_settings, "reporter.requests.dead") == 1

            await eventually(dead, within=20)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await bus.stop()
    assert len(inbox.taken) == 1
