"""Reloads: from the raw archive, with today's settings; Vibe is not asked."""

from __future__ import annotations

from typing import Any

from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import dead_letters, publish, totals_of
from tests.services.connectors.vibe.conftest import Vibe


async def reload(connector: Vibe, **body: Any) -> None:
    await publish(connector.bus, "reload.requested.vibe", body)


async def test_a_report_is_read_again_from_the_archive(connector: Vibe) -> None:
    totals = await connector.deliver(DAY, "happy")
    async with connector.started():
        await connector.trigger(DAY)
        old = (await connector.ears.whole_run())[0].run_id
        await connector.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
        calls = connector.api.calls.total()
        await reload(connector, client_id=connector.acme, run_id=old, allow_shrink=True)
        batches = await connector.ears.whole_run(beside={old})
    assert totals_of(batches) == totals
    end = batches[-1].end
    assert end is not None
    assert (end.reload_of, end.allow_shrink, end.coverage) == (old, True, [DAY])
    assert connector.api.calls.total() == calls
    first, second = await connector.records.runs()
    assert (second.generation, second.run_date, second.delivered_at) == (1, DAY, first.delivered_at)


async def test_a_failed_report_is_healed_by_a_setting_and_a_reload(connector: Vibe) -> None:
    totals = await connector.deliver(DAY, "drifted")
    async with connector.started():
        await connector.trigger(DAY)
        failed = await connector.records.run_in("failed")
        await connector.records.fetch(
            "UPDATE source_settings SET column_map = $1", {"creative": "Spot Title"}
        )
        await reload(connector, client_id=connector.acme, run_id=failed.run_id)
        assert totals_of(await connector.ears.whole_run()) == totals


async def test_what_brought_no_file_cannot_be_reloaded(connector: Vibe) -> None:
    connector.api.failure = "no"
    async with connector.started():
        await connector.trigger(DAY)
        failed = await connector.records.run_in("failed")
        await reload(connector, client_id=connector.acme, run_id=failed.run_id)
        ((_, headers),) = await eventually(lambda: dead_letters(connector.bus, "vibe.reloads"))
    assert "brought no file" in str(headers["x-reason"])
