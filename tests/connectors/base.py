"""The suite that every connector inherits: what must hold wherever a delivery comes from.

A connector's own tests subclass ConnectorSuite and give it a fixture ``connector``, which is a Subject:
the running service with an outside world that delivers on demand.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import ClassVar, Literal, Protocol

import pytest

from contracts.ingest.v1 import MAX_BATCH_BYTES, MetricsBatch
from deploy.world.totals import Totals
from libs.testing.waiting import eventually
from tests.connectors.harness import Ears, Records, dead_letters, died, process_of, totals_of

DAY = date(2025, 11, 4)
NEXT_DAY = date(2025, 11, 5)

Kind = Literal["happy", "restated", "empty", "drifted", "hostile", "large"]
"""large: several batches. drifted: a required column has another name. empty: a header and no row."""


class Subject(Protocol):
    """A connector under test."""

    @property
    def records(self) -> Records: ...
    @property
    def ears(self) -> Ears: ...
    @property
    def module(self) -> str:
        """What ``python -m`` runs."""

    @property
    def pull_queue(self) -> str: ...

    def started(self) -> AbstractAsyncContextManager[None]:
        """The service, in this process."""

    def environment(self) -> Mapping[str, str]:
        """For the service as a process of its own."""

    async def deliver(self, day: date, kind: Kind) -> Totals:
        """The outside world has a delivery; what its good rows of the day add up to."""

    async def trigger(self, day: date) -> None:
        """Somebody asks for a day."""

    async def throttle(self, times: int) -> None:
        """The next requests are answered: slow down."""

    async def raw(self, bucket: str, key: str) -> bytes:
        """A body in the raw archive."""

    async def quiet(self) -> None:
        """Wait until nothing is under way."""


def by_sequence(batches: list[MetricsBatch]) -> dict[int, set[str | None]]:
    digests: dict[int, set[str | None]] = defaultdict(set)
    for batch in batches:
        digests[batch.sequence].add(batch.digest)
    return digests


class ConnectorSuite:
    """Unhappy paths first."""

    reports_missing: ClassVar[bool] = True
    drifted: ClassVar[tuple[str, str]] = ("clicks", "Taps")
    """The field whose column has another name in a drifted delivery, and that name."""
    dated_runs: ClassVar[bool] = True
    """Whether a run is of the day that was asked for."""

    async def test_missing(self, connector: Subject) -> None:
        if not self.reports_missing:
            pytest.skip("nothing is waited for: deliveries are brought")
        async with connector.started():
            await connector.trigger(DAY)
            run = await connector.records.run_in("missing_file")
            await connector.trigger(DAY)
            await connector.quiet()
        assert run.run_date == DAY
        assert run.error_code == "missing_file"
        assert run.resolution_status == "open"
        (told,) = connector.ears.missing()
        assert told["run_id"] == str(run.run_id)
        assert told["bucket"]
        assert told["bucket"] in (run.error or "")
        assert told["expected"] in (run.error or "")
        assert connector.ears.batches() == []

    async def test_a_file_that_comes_after_it_was_missed_is_loaded(self, connector: Subject) -> None:
        if not self.reports_missing:
            pytest.skip("nothing is waited for: deliveries are brought")
        async with connector.started():
            await connector.trigger(DAY)
            await connector.records.run_in("missing_file")
            totals = await connector.deliver(DAY, "happy")
            await connector.trigger(DAY)
            assert totals_of(await connector.ears.whole_run()) == totals
        (missed, run) = await connector.records.runs()
        assert (missed.status, missed.resolution_status) == ("missing_file", "resolved")
        assert run.status == "running"

    async def test_an_empty_delivery_fails_and_says_so(self, connector: Subject) -> None:
        await connector.deliver(DAY, "empty")
        async with connector.started():
            await connector.trigger(DAY)
            run = await connector.records.run_in("failed")
            await connector.quiet()
        assert run.error_code == "header_only"
        assert connector.ears.batches() == []
        (told,) = connector.ears.failures()
        assert (told["run_id"], told["error_code"]) == (str(run.run_id), "header_only")
        assert told["error"] == run.error

    async def test_drifted_columns_are_refused_by_name(self, connector: Subject) -> None:
        await connector.deliver(DAY, "drifted")
        async with connector.started():
            await connector.trigger(DAY)
            run = await connector.records.run_in("failed")
        assert run.error_code == "missing_columns"
        assert run.error
        field, title = self.drifted
        assert field in run.error.lower()
        assert title in run.error
        assert connector.ears.batches() == []
        assert run.artifact is not None  # kept all the same: it can be read again with other settings

    async def test_a_hostile_file_fails_and_the_next_one_loads(self, connector: Subject) -> None:
        await connector.deliver(DAY, "hostile")
        totals = await connector.deliver(NEXT_DAY, "happy")
        async with connector.started():
            await connector.trigger(DAY)
            await connector.trigger(NEXT_DAY)
            batches = await connector.ears.whole_run()
            run = await connector.records.run_in("failed")
        assert run.run_date == (DAY if self.dated_runs else None)
        assert totals_of(batches) == totals
        assert await dead_letters(connector.ears.settings, connector.pull_queue) == []

    async def test_rate_limited_is_waited_out(self, connector: Subject) -> None:
        totals = await connector.deliver(DAY, "happy")
        await connector.throttle(2)
        async with connector.started():
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run()
        assert totals_of(batches) == totals
        assert len(await connector.records.runs()) == 1

    async def test_crash_and_resume(self, connector: Subject) -> None:
        """kill -9 after the first batch: the same run goes on, the same batches come again."""
        totals = await connector.deliver(DAY, "large")
        environment = connector.environment()
        failpoint = {"TIDEMARK_FAILPOINT": "connector.between_batches:1"}
        async with process_of(connector.module, {**environment, **failpoint}) as process:
            await connector.trigger(DAY)
            assert await died(process)
        async with process_of(connector.module, environment):
            batches = await connector.ears.whole_run(within=60)
        assert len(batches) > 2
        assert totals_of(batches) == totals
        assert len(connector.ears.batches()) > len(batches)  # the first one came twice
        assert all(len(digests) == 1 for digests in by_sequence(connector.ears.batches()).values())
        (run,) = await connector.records.runs()
        assert run.run_id == batches[0].run_id

    async def test_crash_after_the_last_batch(self, connector: Subject) -> None:
        """Everything was published, nothing was acknowledged: all of it comes again, as the same run."""
        totals = await connector.deliver(DAY, "happy")
        environment = connector.environment()
        failpoint = {"TIDEMARK_FAILPOINT": "connector.after_publish"}
        async with process_of(connector.module, {**environment, **failpoint}) as process:
            await connector.trigger(DAY)
            assert await died(process)
        first = await connector.ears.whole_run()

        async def came_again() -> bool:
            return len(connector.ears.batches()) == 2 * len(first)

        async with process_of(connector.module, environment):
            await eventually(came_again, within=60)
            await connector.quiet()
        assert totals_of(first) == totals
        assert {batch.run_id for batch in connector.ears.batches()} == {first[0].run_id}
        assert all(len(digests) == 1 for digests in by_sequence(connector.ears.batches()).values())

    async def test_restated(self, connector: Subject) -> None:
        """Another content is another run, delivered later."""
        before = await connector.deliver(DAY, "happy")
        async with connector.started():
            await connector.trigger(DAY)
            first = await connector.ears.whole_run()
            after = await connector.deliver(DAY, "restated")
            await connector.trigger(DAY)
            second = await connector.ears.whole_run(beside={first[0].run_id})
        assert totals_of(first) == before
        assert totals_of(second) == after
        assert before != after
        assert second[0].delivered_at >= first[0].delivered_at
        assert len({run.run_id for run in await connector.records.runs()}) == 2

    async def test_the_same_trigger_twice_is_the_same_run(self, connector: Subject) -> None:
        await connector.deliver(DAY, "happy")
        async with connector.started():
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run()
            await connector.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
            await connector.trigger(DAY)
            await connector.quiet()
        assert len(await connector.records.runs()) == 1
        assert len(connector.ears.batches()) == len(batches)

    async def test_happy_day(self, connector: Subject) -> None:
        totals = await connector.deliver(DAY, "happy")
        async with connector.started():
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run()
        assert totals_of(batches) == totals
        end = batches[-1].end
        assert end is not None
        assert end.coverage == [DAY]
        assert end.rows_rejected == 0
        (run,) = await connector.records.runs()
        day = DAY if self.dated_runs else None
        assert (run.status, run.run_date, run.rows_read) == ("running", day, end.rows_read)
        assert run.delivered_at == batches[0].delivered_at
        assert end.artifact is not None
        raw = await connector.raw(end.artifact.bucket, end.artifact.key)
        assert hashlib.sha256(raw).hexdigest() == end.artifact.sha256
        assert run.artifact is not None
        assert run.artifact["key"] == end.artifact.key

    async def test_many_rows_make_several_batches_within_the_limits(self, connector: Subject) -> None:
        totals = await connector.deliver(DAY, "large")
        async with connector.started():
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run()
        assert [batch.sequence for batch in batches] == list(range(len(batches)))
        assert len(batches) > 2
        assert totals_of(batches) == totals
        assert max(map(len, connector.ears.heard["loader.batches"])) <= MAX_BATCH_BYTES
        assert [batch.last for batch in batches].count(True) == 1
