"""The daily mail."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from libs.db.engine import transaction
from libs.mail import make_mailer
from services.notifier.handlers.keeping import keep_digest
from services.notifier.handlers.sending import Post, Sender
from services.notifier.rules import digests
from services.notifier.rules.digests import Coverage, Failure, Open, Report, Restatement
from tests.libs.mail.servers import Authority, Inbox, settings_for, smtp_server
from tests.services.notifier.desk import DAY, Desk

ONE = timedelta(days=1)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
URL = "https://tidemark.example"
LAST_WEEK = [DAY - back * ONE for back in range(1, 8)]


def covered(*days: date, since: date | None = DAY - 60 * ONE, expected: bool = True) -> Coverage:
    return Coverage("Acme", "surfside", frozenset(days), since, expected)


def test_nothing_to_report_is_a_short_mail() -> None:
    report = Report(DAY, coverage=[covered(*LAST_WEEK)])
    assert digests.subject(report) == "[Tidemark] 2026-10-01 digest: nothing to report"
    body = digests.body(report, URL)
    assert body.startswith("Nothing to report: 7 deliveries of the last 7 days stand.\n")
    assert body.count("\n") < 5
    assert "nothing to report" in digests.subject(Report(DAY))


def test_everything_is_told_with_its_numbers() -> None:
    report = Report(
        DAY,
        coverage=[covered(*LAST_WEEK[2:]), Coverage("Zenith", "vibe", frozenset(), None, True)],
        restatements=[Restatement("Acme", "surfside", DAY - 3 * ONE, 100, 110, 41_000, 47_150)],
        failures=[Failure("Acme", "vibe", DAY - ONE, "no header")],
        open=[Open("Acme", "error", "look here", NOON)],
    )
    assert digests.headline(report) == ("9 missing days, 1 failed runs, 1 restated days, 1 open troubles")
    body = digests.body(report, URL)
    for line in (
        "- error, since 2026-10-01 12:00 UTC: look here",
        "- Acme: vibe of 2026-09-30: no header",
        "- Acme: surfside of 2026-09-28: 41,000 → 47,150 (+6,150, +15.0%) impressions, "
        "100 → 110 (+10, +10.0%) rows",
        "Coverage of 2026-09-24 to 2026-09-30",
        "  surfside: 5 of 7 days, missing 2026-09-29, 2026-09-30",
        "  vibe: nothing has ever come",
        f"All notifications: {URL}/api/v1/admin/notifications",
    ):
        assert line in body.splitlines(), line


def test_before_its_first_day_and_of_uploads_nothing_is_missing() -> None:
    report = Report(DAY)
    assert digests.missing(report, covered(DAY - ONE, since=DAY - 2 * ONE)) == [DAY - 2 * ONE]
    assert digests.missing(report, covered(expected=False)) == []


def test_long_lists_are_cut_and_counted() -> None:
    report = Report(DAY, failures=[Failure("Acme", "vibe", DAY, f"no {n}") for n in range(100)])
    body = digests.body(report, URL)
    assert "… and 70 more" in body
    assert "- Acme: vibe of 2026-10-01: no 30" not in body


class Records:
    """What the digest reads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def source(self, source: str = "surfside", *, enabled: bool = True) -> None:
        await self.desk.owner.execute(
            "INSERT INTO source_settings (client_id, source, enabled) "
            "SELECT id, $2, $3 FROM clients WHERE public_id = $1",
            self.desk.client,
            source,
            enabled,
        )

    async def stands(self, day: date, source: str = "surfside") -> None:
        await self.desk.owner.execute(
            "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no) "
            "SELECT id, $3, '', $2, now(), 1 FROM clients WHERE public_id = $1",
            self.desk.client,
            day,
            source,
        )

    async def changed(
        self, day: date, before: int, after: int, *, kind: str = "load", hours: int = 1
    ) -> None:
        await self.desk.owner.execute(
            "INSERT INTO slice_ledger (client_id, source, date, kind, totals_before, totals_after, at) "
            "SELECT id, 'surfside', $2, $3, $4, $5, now() - make_interval(hours => $6) "
            "FROM clients WHERE public_id = $1",
            self.desk.client,
            day,
            kind,
            json.dumps({"rows": before // 10, "impressions": before or None, "spend": "1.0000000"}),
            json.dumps({"rows": after // 10, "impressions": after or None, "spend": "2.0000000"}),
            hours,
        )

    async def failed(self, error: str, *, resolved: bool = False, hours: int = 1) -> UUID:
        run = await self.desk.run("failed")
        await self.desk.owner.execute(
            "UPDATE ingestion_logs SET error = $2, finished_at = now() - make_interval(hours => $3), "
            "resolution_status = $4 WHERE run_id = $1",
            run,
            error,
            hours,
            "resolved" if resolved else None,
        )
        return run


async def digest(desk: Desk, authority: Authority) -> str:
    """The digest of DAY as it arrives."""
    async with transaction(desk.engine) as connection:
        await keep_digest(connection, DAY, "asked", URL)
    async with smtp_server(Inbox(), authority.server_context()) as inbox:
        post = Post(("ops@agency.example",), URL, 60, 3)
        await Sender(desk.engine, make_mailer(settings_for(inbox, authority)), post).send_due()
    ((_, message),) = inbox.taken
    return f"{message['Subject']}\n{message.get_content()}".replace("\r\n", "\n")


async def test_the_digest_of_real_records(desk: Desk, authority: Authority) -> None:
    records = Records(desk)
    await records.source()
    await records.source("facebook")
    await records.source("vibe", enabled=False)
    for day in (DAY - 60 * ONE, *LAST_WEEK[1:]):
        await records.stands(day)
    await records.changed(DAY - 2 * ONE, 0, 1000)
    await records.changed(DAY - 3 * ONE, 1000, 1200)
    await records.changed(DAY - 3 * ONE, 1200, 1500)
    await records.changed(DAY - 4 * ONE, 1000, 1100, hours=30)
    await records.changed(DAY - 5 * ONE, 1000, 2000, kind="repricing")
    await records.changed(DAY - 6 * ONE, 1000, 0, kind="undo")
    await records.failed("no header")
    await records.failed("somebody took care", resolved=True)
    await records.failed("long ago", hours=40)
    text = await digest(desk, authority)
    subject, _, body = text.partition("\n")
    assert subject == "[Tidemark] 2026-10-01 digest: 1 missing days, 1 failed runs, 2 restated days"
    lines = body.splitlines()
    assert "- Acme: surfside of 2026-10-01: no header" in lines
    assert (
        "- Acme: surfside of 2026-09-28: 1,000 → 1,500 (+500, +50.0%) impressions, "
        "100 → 150 (+50, +50.0%) rows" in lines
    )
    assert (
        "- Acme: surfside of 2026-09-25: 1,000 → 0 (-1,000, -100.0%) impressions, "
        "100 → 0 (-100, -100.0%) rows" in lines
    )
    assert "  surfside: 6 of 7 days, missing 2026-09-30" in lines
    assert "  facebook: nothing has ever come" in lines
    assert "took care" not in body
    assert "long ago" not in body


async def test_an_empty_system_has_a_digest_too(desk: Desk, authority: Authority) -> None:
    assert (await digest(desk, authority)).startswith("[Tidemark] 2026-10-01 digest: nothing to report\n")


async def test_open_troubles_stay_in_the_digest_until_somebody_takes_notice(
    desk: Desk, authority: Authority
) -> None:
    await desk.misses(await desk.run("missing_file"))
    await desk.owner.execute("UPDATE mails SET ended_at = now(), outcome = 'settled', sealed_at = now()")
    assert "warning, since" in await digest(desk, authority)
    await desk.owner.execute("UPDATE notifications SET acknowledged_at = now()")
    async with transaction(desk.engine) as connection:
        await keep_digest(connection, DAY, "again", URL)
    assert [mail["subject"] for mail in await desk.mails() if mail["kind"] == "digest"][1] == (
        "[Tidemark] 2026-10-01 digest: nothing to report"
    )
