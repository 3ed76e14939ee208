"""What is the toy's own: its web server's bad days; and what the kit promises around any client.py."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.testing.waiting import eventually
from tests.connectors.base import DAY, NEXT_DAY
from tests.connectors.harness import dead_letters, publish, totals_of
from tests.connectors.toy.conftest import NOON, Toy


async def test_a_file_over_the_limit_is_refused_with_a_code(connector: Toy) -> None:
    await connector.deliver(DAY, "happy")
    connector.settings = connector.settings.model_copy(update={"toy_max_file_bytes": 100})
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "too_large"
    assert "more than 100 bytes" in (run.error or "")
    assert connector.server.asked == [f"HEAD /acme/{DAY}.csv"]


async def test_a_body_that_ends_half_way_is_fetched_again(connector: Toy) -> None:
    totals = await connector.deliver(DAY, "happy")
    connector.server.cut = 1
    async with connector.started():
        await connector.trigger(DAY)
        assert totals_of(await connector.ears.whole_run()) == totals
    assert connector.server.asked.count(f"GET /acme/{DAY}.csv") == 2


async def test_a_file_that_changes_between_look_and_fetch_is_never_mixed_up(connector: Toy) -> None:
    path = f"acme/{DAY}.csv"
    after = await connector.deliver(DAY, "restated")
    newer = connector.server.files[path]
    before = await connector.deliver(DAY, "happy")
    connector.server.swaps[path] = newer
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
        await connector.trigger(DAY)  # the same delivery: not a run under the name of the first look
        await connector.quiet()
    assert totals_of(batches) == after
    assert before != after
    assert [run.run_id for run in await connector.records.runs()] == [batches[0].run_id]


async def test_a_file_without_an_identity_is_refused(connector: Toy) -> None:
    await connector.deliver(DAY, "happy")
    connector.server.tells_etag = False
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "no_identity"
    assert "ETag" in (run.error or "")


@pytest.mark.parametrize(("status", "code"), [(403, "access_denied"), (301, "source_refused")])
async def test_what_may_not_be_read_fails_the_day_and_a_later_pull_loads_it(
    connector: Toy, status: int, code: str
) -> None:
    totals = await connector.deliver(DAY, "happy")
    connector.server.refusals = [status]
    async with connector.started():
        await connector.trigger(DAY)
        failed = await connector.records.run_in("failed")
        await connector.trigger(DAY)
        assert totals_of(await connector.ears.whole_run()) == totals
    assert failed.error_code == code
    assert (await connector.records.runs())[0].resolution_status == "resolved"


async def test_two_clients_with_one_folder_are_both_refused(connector: Toy) -> None:
    await connector.deliver(DAY, "happy")
    await connector.records.client("Umbra", prefix="/acme/")
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "shared_object"
    assert connector.ears.batches() == []


async def test_a_pull_of_nobody_and_no_day_finds_yesterday_and_what_is_new(connector: Toy) -> None:
    old = DAY - timedelta(days=1)
    for day in (old, NEXT_DAY):
        await connector.deliver(day, "happy")
    async with connector.started():
        await connector.pull()
        first = await connector.ears.whole_run()
        second = await connector.ears.whole_run(beside={first[0].run_id})
        await connector.quiet()
    assert {first[0].run_date, second[0].run_date} == {old, NEXT_DAY}
    assert [run.status for run in await connector.records.runs()] == ["running", "running"]


async def test_a_day_is_looked_for_again_until_it_is_due_and_then_missed(connector: Toy) -> None:
    connector.now = NOON - timedelta(days=2)

    async def looked_twice() -> bool:
        return len(connector.server.asked) >= 2

    async with connector.started():
        await connector.trigger(DAY)
        await eventually(looked_twice, within=30)
        assert await connector.records.runs() == []
        connector.now = NOON
        run = await connector.records.run_in("missing_file")
    assert run.error == f"No file acme/{DAY}.csv at {connector.server.url} by 2025-11-05 12:00 UTC"


async def test_a_reload_reads_the_archive_with_todays_settings(connector: Toy) -> None:
    totals = await connector.deliver(DAY, "drifted")
    async with connector.started():
        await connector.trigger(DAY)
        failed = await connector.records.run_in("failed")
        connector.server.files.clear()
        await connector.records.fetch("UPDATE source_settings SET column_map = $1", {"clicks": "Taps"})
        await publish(
            connector.bus,
            "reload.requested.surfside",
            {"client_id": connector.acme, "run_id": failed.run_id},
        )
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == totals
    assert batches[-1].end is not None
    assert batches[-1].end.reload_of == failed.run_id


async def test_a_day_that_has_not_begun_dies_with_its_reason(connector: Toy) -> None:
    async with connector.started():
        await connector.trigger(date(2025, 11, 20))
        await connector.quiet()
    ((_, headers),) = await dead_letters(connector.bus, connector.pull_queue)
    assert "has not begun yet" in str(headers)
