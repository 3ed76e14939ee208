"""From files on this machine to batches on the bus: the order of steps that survives a crash.

1. the run is written down, or found: one that has ended has nothing more to do;
2. the raw bytes go to the archive;
3. batches are published while the file is read, rejected rows are stored as they come;
4. what is known at the end is written down, then the closing batch is sent.

A crash anywhere repeats all of it: the loader knows the batches by their digests.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import Artifact, RunEnd
from libs.ahead import ahead
from libs.bus import Bus
from libs.connector import runs
from libs.connector.account import RunRefused
from libs.connector.archive import Kept, Part
from libs.connector.batches import Batcher, BatchHead
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import TidemarkError
from libs.failpoints import failpoint
from libs.tabular import BadRow, FileRefused

log = structlog.get_logger()

PATIENCE_SECONDS = 120
"""How long a full queue is waited for before the message goes up the retry ladder."""
REJECTED_AT_ONCE = 500


class Ingestion:
    """The way of a delivery, the same for every connector."""

    def __init__(self, engine: AsyncEngine, bus: Bus) -> None:
        self._engine = engine
        self._bus = bus

    async def has_ended(self, run: Run) -> bool:
        """Whether nothing is left to do for a run. Asked before anything is fetched."""
        async with transaction(self._engine) as connection:
            status = await runs.status_of(connection, run)
        if status is None or status in runs.OPEN:
            return False
        log.info("nothing to do: the run has ended", run_id=str(run.run_id), status=status)
        return True

    async def ingest(
        self, run: Run, parts: Sequence[Part], reading: Reading, keep: Callable[[], Awaitable[Kept]]
    ) -> None:
        """Archive (``keep`` does it), read and publish a delivery.

        A file that cannot be loaded ends the run as failed. Anything else that goes wrong is written
        on the run and raised: the message is tried again, or dies with its reason.
        """
        async with transaction(self._engine) as connection:
            status = await runs.start(connection, run)
        if status not in runs.OPEN:
            return
        try:
            began = time.monotonic()
            kept = await keep()
            reading.timings["archive"] = round(time.monotonic() - began, 3)
            async with transaction(self._engine) as connection:
                await runs.archived(connection, run, kept.record)
                await runs.resolve_absence(connection, run)
            await self.publish(run, kept.artifact, parts, reading)
        except (FileRefused, RunRefused) as error:
            await self.fail(run, error.code, str(error), reading)
        except Exception as error:
            await self._note(run, error)
            raise

    async def fail(self, run: Run, code: str, error: str, reading: Reading | None = None) -> None:
        """End a run as failed and announce it, once; the run may be unknown until now."""
        log.warning("run failed", run_id=str(run.run_id), code=code, error=error)
        async with transaction(self._engine) as connection:
            await runs.start(connection, run)
            await runs.fail(connection, run, code, error, reading.extract() if reading else None)

    async def publish(self, run: Run, artifact: Artifact, parts: Sequence[Part], reading: Reading) -> None:
        """Read the files and publish their rows; raises FileRefused and RunRefused."""
        began = time.monotonic()
        batcher = Batcher(_head(run))
        for part in parts:
            await self._publish_part(run, part, reading, batcher)
        reading.timings["read_and_publish"] = round(time.monotonic() - began, 3)
        reading.check()
        async with transaction(self._engine) as connection:
            await runs.extracted(connection, run, reading.extract())
        await self._close(run, batcher, reading.end_of(run, artifact))
        failpoint("connector.after_publish")
        log.info(
            "run published",
            run_id=str(run.run_id),
            rows=reading.rows_read,
            rejected=reading.rows_rejected,
            batches=batcher.sequence,
            **reading.timings,
        )

    async def _publish_part(self, run: Run, part: Part, reading: Reading, batcher: Batcher) -> None:
        async with reading.open_table(part.file.path) as table:
            reading.begin_part(part.name, table.header)
            async for chunk in table.chunks():
                frame = reading.complete(chunk.frame)
                batcher.account = reading.account
                async with aclosing(ahead(batcher.add(frame))) as bodies:
                    async for body in bodies:
                        await self._send(run, body)
                await self._reject(run, reading, chunk.bad)
            reading.end_part(table.summary)

    async def _close(self, run: Run, batcher: Batcher, end: RunEnd) -> None:
        *bodies, last = await asyncio.to_thread(batcher.finish, end)
        for body in bodies:
            await self._send(run, body)
        await self._send(run, last)

    async def _send(self, run: Run, body: bytes) -> None:
        await self._bus.publish_bytes(f"metrics.batch.{run.source}", body, patience=PATIENCE_SECONDS)
        failpoint("connector.between_batches")

    async def _reject(self, run: Run, reading: Reading, rows: Sequence[BadRow]) -> None:
        for start in range(0, len(rows), REJECTED_AT_ONCE):
            some = [reading.rejected(row) for row in rows[start : start + REJECTED_AT_ONCE]]
            async with transaction(self._engine) as connection:
                await runs.reject(connection, run, some)

    async def _note(self, run: Run, error: Exception) -> None:
        """A run that is tried again shows why; a bug shows its traceback."""
        trace = None if isinstance(error, TidemarkError) else traceback.format_exc()
        try:
            async with transaction(self._engine) as connection:
                await runs.troubled(connection, run, f"{type(error).__name__}: {error}", trace)
        except Exception as second:  # noqa: BLE001 - the first error is the one to be raised
            log.warning("could not note the trouble", run_id=str(run.run_id), error=repr(second))


def _head(run: Run) -> BatchHead:
    assert run.delivered_at is not None  # noqa: S101 - a run with files has a time of delivery
    return BatchHead(run.run_id, run.client.public_id, run.source, run.delivered_at, run.run_date)
