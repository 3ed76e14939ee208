"""Our own side fails: the archive, a queue, a bug. Nothing is lost, and the run shows why it waits."""

from __future__ import annotations

import pytest

from libs.bus.declare import management
from libs.connector.reading import Reading
from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import RunRow, dead_letters, totals_of
from tests.services.connectors.surfside.conftest import Surfside


async def troubled(connector: Surfside) -> RunRow:
    async def noted() -> RunRow | None:
        return next((run for run in await connector.records.runs() if run.error), None)

    run = await eventually(noted)
    assert run is not None
    return run


async def test_an_archive_that_refuses_stops_everything_before_a_batch(connector: Surfside) -> None:
    """Ours to repair, not the file's fault: a dead letter that goes on when it is moved back."""
    totals = await connector.deliver(DAY, "happy")
    await connector.deny_writing()
    async with connector.started():
        await connector.trigger(DAY)
        run = await troubled(connector)
        await connector.quiet()
        assert run.status == "running"
        assert "AccessDenied" in (run.error or "")
        assert connector.buckets.raw in (run.error or "")
        assert connector.ears.batches() == []
        ((body, headers),) = await dead_letters(connector.bus, "surfside.pulls")
        assert "s3:PutObject" in str(headers["x-reason"])
        connector.proxy.faults.clear()
        await connector.pull_again(body)
        assert totals_of(await connector.ears.whole_run()) == totals
    (again,) = await connector.records.runs()
    assert (again.run_id, again.error) == (run.run_id, None)


async def test_a_bug_shows_its_traceback_on_the_run(
    connector: Surfside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Reading) -> None:
        raise RuntimeError("a bug of ours")

    await connector.deliver(DAY, "happy")
    monkeypatch.setattr(Reading, "check", broken)
    async with connector.started():
        await connector.trigger(DAY)
        run = await troubled(connector)
        (letter,) = await eventually(lambda: dead_letters(connector.bus, "surfside.pulls"))
    assert run.status == "running"
    assert "a bug of ours" in (run.error or "")
    (row,) = await connector.records.fetch("SELECT traceback FROM ingestion_logs")
    assert "test_trouble.py" in row["traceback"]
    assert "gave up after" in str(letter[1]["x-reason"])


async def test_a_full_queue_is_waited_for(connector: Surfside) -> None:
    """The loader is away and its queue takes one batch: the connector waits, then goes on where it was."""
    totals = await connector.deliver(DAY, "large")
    vhost = connector.bus.rabbitmq_url.rpartition("/")[2]
    policy = {
        "pattern": "^loader.batches$",
        "apply-to": "queues",
        "priority": 100,
        "definition": {"max-length": 1, "overflow": "reject-publish"},
    }
    async with management(connector.bus) as api:
        (await api.put(f"/api/policies/{vhost}/tiny", json=policy)).raise_for_status()

        async def in_force() -> bool:
            answer = await api.get(f"/api/queues/{vhost}/loader.batches")
            return "max-length" in str(answer.json().get("effective_policy_definition"))

        await eventually(in_force)
        async with connector.started():
            await connector.ears.plug("loader.batches")
            await connector.trigger(DAY)

            async def full() -> bool:
                return await connector.ears.depth("loader.batches") >= 1

            await eventually(full, within=30)
            await connector.ears.unplug("loader.batches")
            batches = await connector.ears.whole_run(within=60)
    assert totals_of(batches) == totals
    assert len(await connector.records.runs()) == 1
