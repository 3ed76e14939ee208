"""Reloads: from the raw archive, with today's settings, as a new run."""

from __future__ import annotations

from uuid import UUID, uuid4

from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import dead_letters, totals_of
from tests.services.connectors.surfside.conftest import ACME, Surfside

KEY = f"surfside/{ACME.slug}/media-report-{DAY}.csv"


async def loaded(connector: Surfside) -> UUID:
    """A run that was pulled and stands; its file is gone from the agency's bucket."""
    await connector.trigger(DAY)
    batches = await connector.ears.whole_run()
    await connector.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
    await connector.buckets.delete(KEY)
    return batches[0].run_id


async def test_a_run_is_read_again_from_the_archive_with_todays_settings(connector: Surfside) -> None:
    totals = await connector.deliver(DAY, "happy")
    async with connector.started():
        old = await loaded(connector)
        await connector.records.fetch("UPDATE source_settings SET date_format = 'YYYY-MM-DD'")
        await connector.reload(client_id=connector.acme, run_id=old, allow_shrink=True)
        batches = await connector.ears.whole_run(beside={old})
    assert totals_of(batches) == totals
    first, second = await connector.records.runs()
    assert (second.reload_of, second.generation, second.run_date) == (first.run_id, 1, DAY)
    assert second.delivered_at == first.delivered_at  # as old as what it was read from
    assert second.artifact == first.artifact
    end = batches[-1].end
    assert end is not None
    assert (end.reload_of, end.allow_shrink, end.coverage) == (first.run_id, True, [DAY])


async def test_the_same_reload_twice_is_one_run_until_it_failed_or_was_undone(connector: Surfside) -> None:
    await connector.deliver(DAY, "happy")
    async with connector.started():
        old = await loaded(connector)
        body = {"client_id": connector.acme, "run_id": old}
        await connector.reload(**body)
        first = await connector.ears.whole_run(beside={old})
        await connector.reload(**body)
        await connector.reloads_done()
        assert len(await connector.records.runs()) == 2
        await connector.records.fetch(
            "UPDATE ingestion_logs SET status = 'undone' WHERE run_id = $1", first[0].run_id
        )
        await connector.reload(**body)
        await connector.ears.whole_run(beside={old, first[0].run_id})
    assert [run.generation for run in await connector.records.runs()] == [0, 1, 2]


async def test_a_failed_run_is_healed_by_a_setting_and_a_reload(connector: Surfside) -> None:
    totals = await connector.deliver(DAY, "drifted")
    async with connector.started():
        await connector.trigger(DAY)
        failed = await connector.records.run_in("failed")
        await connector.records.fetch("UPDATE source_settings SET column_map = $1", {"clicks": "Taps"})
        await connector.reload(client_id=connector.acme, run_id=failed.run_id)
        assert totals_of(await connector.ears.whole_run()) == totals


async def test_an_archive_that_lost_the_file_fails_the_reload(connector: Surfside) -> None:
    await connector.deliver(DAY, "happy")
    async with connector.started():
        old = await loaded(connector)
        (run,) = await connector.records.runs()
        assert run.artifact is not None
        await connector.buckets.delete(run.artifact["key"], bucket=connector.buckets.raw)
        await connector.reload(client_id=connector.acme, run_id=old)
        failed = await connector.records.run_in("failed")
    assert failed.error_code == "raw_file_gone"
    assert failed.reload_of == old


async def test_an_archive_with_another_content_is_not_believed(connector: Surfside) -> None:
    await connector.deliver(DAY, "happy")
    async with connector.started():
        old = await loaded(connector)
        (run,) = await connector.records.runs()
        assert run.artifact is not None
        await connector.buckets.store.put_bytes(connector.buckets.raw, run.artifact["key"], b"another thing")
        await connector.reload(client_id=connector.acme, run_id=old)
        assert "is not what was archived" in await died(connector)
    assert len({batch.run_id for batch in connector.ears.batches()}) == 1


async def test_what_cannot_be_reloaded_dies_with_its_reason(connector: Surfside) -> None:
    async with connector.started():
        await connector.trigger(DAY)
        missed = await connector.records.run_in("missing_file")
        for run_id, says in ((uuid4(), "There is no surfside run"), (missed.run_id, "brought no file")):
            await connector.reload(client_id=connector.acme, run_id=run_id)
            assert says in await died(connector)


async def died(connector: Surfside) -> str:
    async def reason() -> str:
        for _, headers in await dead_letters(connector.bus, "surfside.reloads"):
            return str(headers["x-reason"])
        return ""

    return await eventually(reason, what="a dead letter")
