"""Waiting for reports: delayed messages, and what a crash leaves behind."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from deploy.world.vibe_reports import vibe_report
from libs.testing.queues import put_raw
from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import dead_letters, died, process_of, totals_of
from tests.services.connectors.vibe.conftest import ADVERTISER, Vibe


async def polls(connector: Vibe) -> int:
    return sum(report.polls for report in connector.api.reports.values())


async def test_without_dates_it_is_the_last_two_full_days(connector: Vibe) -> None:
    """It is 6 November, noon UTC: for an account in Auckland the 7th has begun."""
    await connector.records.fetch("UPDATE source_settings SET timezone = 'Pacific/Auckland'")
    async with connector.started():
        await connector.pull()
        batches = await connector.ears.whole_run()
    assert batches[-1].end is not None
    assert batches[-1].end.coverage == [date(2025, 11, 5), date(2025, 11, 6)]
    assert batches[-1].end.account_timezone == "Pacific/Auckland"
    assert totals_of(batches) == vibe_report(ADVERTISER, date(2025, 11, 5), date(2025, 11, 6)).totals
    (run,) = await connector.records.runs()
    assert run.run_date == date(2025, 11, 6)


async def test_a_wide_pull_is_split_into_windows_of_at_most_45_days(connector: Vibe) -> None:
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date="2025-09-22", end_date="2025-11-06")
        first = await connector.ears.whole_run()
        await connector.ears.whole_run(beside={first[0].run_id})
    windows = {(row["start_date"], row["end_date"]) for row in await connector.requests()}
    assert windows == {(date(2025, 9, 22), date(2025, 11, 5)), (date(2025, 11, 6), date(2025, 11, 6))}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"start_date": "2025-09-21", "end_date": "2025-09-23"}, "the last 45 days"),
        ({"start_date": "2025-11-05", "end_date": "2025-11-07"}, "has not begun yet"),
        ({"start_date": "2025-08-01", "end_date": "2025-08-02", "client_id": None}, "the last 45 days"),
    ],
)
async def test_days_that_vibe_does_not_have_die_with_their_reason(
    connector: Vibe, body: dict[str, str | None], says: str
) -> None:
    async with connector.started():
        await connector.pull(**{"client_id": connector.acme, **body})
        ((_, headers),) = await eventually(lambda: dead_letters(connector.bus, "vibe.pulls"))
    assert says in str(headers["x-reason"])
    assert connector.api.calls.total() == 0


async def test_a_report_that_is_never_ready_fails_and_is_looked_at_again_before_another_one(
    connector: Vibe,
) -> None:
    connector.api.never_ready = True
    async with connector.started(vibe_max_polls=3):
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        await connector.quiet()
        assert await polls(connector) == 3
        assert run.error_code == "report_not_ready"
        assert "rep_001" in (run.error or "")
        assert "3 looks" in (run.error or "")
        connector.api.never_ready = False
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
        await connector.quiet()
    assert list(connector.api.reports) == ["rep_001"]
    assert totals_of(batches) == vibe_report(ADVERTISER, DAY, DAY).totals
    failed, loaded = await connector.records.runs()
    assert (failed.resolution_status, loaded.status) == ("resolved", "running")
    assert len(connector.ears.failures()) == 1


async def test_it_is_given_up_for_good_the_second_time(connector: Vibe) -> None:
    """Two rounds of looks at the first report, then another one is asked for; one failure is told."""
    connector.api.never_ready = True
    async with connector.started(vibe_max_polls=2):
        await connector.trigger(DAY)
        await connector.request_in("given_up")
        await connector.trigger(DAY)
        await connector.request_in("abandoned")
        await connector.quiet()
        assert [report.polls for report in connector.api.reports.values()] == [4]
        connector.api.never_ready = False
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert len(connector.api.reports) == 2
    assert len(connector.ears.failures()) == 1


async def test_the_next_days_pull_looks_once_at_what_was_given_up(connector: Vibe) -> None:
    connector.api.never_ready = True
    async with connector.started(vibe_max_polls=2):
        await connector.trigger(DAY)
        await connector.request_in("given_up")
        connector.api.never_ready = False
        await connector.trigger(DAY + timedelta(days=1))
        first = await connector.ears.whole_run()
        await connector.ears.whole_run(beside={first[0].run_id})
    assert [row["status"] for row in await connector.requests()] == ["fetched", "fetched"]
    assert next(report.polls for report in connector.api.reports.values()) == 3


async def test_a_report_that_vibe_cannot_make_fails_with_its_reason(connector: Vibe) -> None:
    connector.api.failure = "advertiser has no campaigns"
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        connector.api.failure = ""
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert run.error_code == "report_failed"
    assert "advertiser has no campaigns" in (run.error or "")
    assert len(connector.api.reports) == 2


async def test_kill_9_while_polling_picks_up_the_same_report(connector: Vibe) -> None:
    """Vibe has answered, and nobody heard it: who comes next waits as if somebody had."""
    connector.api.never_ready = True
    environment = connector.environment() | {"VIBE_MAX_POLLS": "1000", "VIBE_POLL_SECONDS": "0.5"}
    killed = {**environment, "TIDEMARK_FAILPOINT": "vibe.while_polling:2"}
    async with process_of(connector.module, killed) as process:
        await connector.trigger(DAY)
        assert await died(process)
    (row,) = await connector.requests()
    (call,) = await connector.records.fetch("SELECT max(at) AS at FROM vibe_calls WHERE kind = 'poll'")
    assert (row["status"], row["polls"], await polls(connector)) == ("created", 1, 2)
    assert row["not_before"] - call["at"] >= timedelta(seconds=0.4)
    connector.api.never_ready, connector.api.ready_after = False, 0
    async with process_of(connector.module, environment):
        batches = await connector.ears.whole_run(within=60)
        await eventually(lambda: connector.request_in("fetched"))
    assert connector.api.calls["create"] == 1
    assert [row["report_id"] for row in await connector.requests()] == ["rep_001"]
    assert totals_of(batches) == vibe_report(ADVERTISER, DAY, DAY).totals


@pytest.mark.parametrize(("point", "made"), [("vibe.before_create", 1), ("vibe.after_create", 2)])
async def test_kill_9_around_the_request_costs_at_most_one_report(
    connector: Vibe, point: str, made: int
) -> None:
    """The request was written down before; what came of it cannot be known, so it is made once more."""
    environment = connector.environment()
    async with process_of(connector.module, {**environment, "TIDEMARK_FAILPOINT": point}) as process:
        await connector.trigger(DAY)
        assert await died(process)
    (row,) = await connector.requests()
    assert (row["status"], row["report_id"], row["asks"]) == ("asked", None, 1)
    await connector.records.fetch(
        "UPDATE vibe_report_requests SET asked_at = asked_at - interval '2 minutes'"
    )
    connector.api.ready_after = 0
    async with process_of(connector.module, environment):
        await connector.ears.whole_run(within=60)
        await connector.request_in("fetched")
    assert len(connector.api.reports) == made
    (row,) = await connector.requests()
    assert (row["asks"], row["report_id"]) == (2, f"rep_{made:03}")
    assert len(await connector.records.runs()) == 1


async def test_an_answer_that_is_lost_is_asked_for_again(connector: Vibe) -> None:
    connector.api.fail("create", "lost")
    async with connector.started():
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert len(connector.api.reports) == 2
    assert len(await connector.requests()) == 1


async def test_a_message_typed_by_hand_looks_again_at_what_was_given_up(connector: Vibe) -> None:
    connector.api.never_ready = True
    async with connector.started(vibe_max_polls=2):
        await connector.trigger(DAY)
        await connector.request_in("given_up")
        connector.api.never_ready = False
        body = f'{{"client_id": "{connector.acme}", "report_id": "rep_001"}}'.encode()
        await put_raw(connector.bus, "vibe.polls", body)
        await connector.ears.whole_run()
        await put_raw(connector.bus, "vibe.polls", body.replace(b"rep_001", b"rep_999"))
        ((_, headers),) = await eventually(lambda: dead_letters(connector.bus, "vibe.polls"))
    assert "never asked for" in str(headers["x-reason"])


async def test_who_is_not_enabled_is_not_asked_for(connector: Vibe) -> None:
    other = await connector.records.client("Other", "vibe", enabled=False)
    async with connector.started():
        for client in (other, uuid4()):
            await connector.pull(client_id=client)
            ((_, headers),) = await eventually(lambda: dead_letters(connector.bus, "vibe.pulls"))
            assert "not enabled" in str(headers["x-reason"]) or "no client" in str(headers["x-reason"])
    assert connector.api.calls.total() == 0
