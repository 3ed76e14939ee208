"""A large run is written while its batches still come, in the transaction that its merge goes on with.

Nobody sees any of it before the merge commits. What is written is a beginning of the run: the rows of its
first batches, of days on which the client had none. Where the merge would make something else of them – rows
of a day exist, or a grain comes in two batches – or where somebody waits for the turn of the client and
source, it is rolled back, and the merge writes everything (docs/adr/0025).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import polars as pl
import structlog
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import MetricsBatch
from libs.db.engine import driver, transaction, undecided
from libs.db.errors import translated
from libs.errors import Terminal, TidemarkError
from libs.failpoints import failpoint
from libs.metrics.rows import grain_keys
from services.loader.frames.runs import to_grain
from services.loader.handlers.beginning import LOOK_SECONDS, Beginning, Written
from services.loader.rules import outside_kept_months
from services.loader.store import coming, facts, runs, slices
from services.loader.store.runs import Run

log = structlog.get_logger()

FIRST = 3
"""As many batches are staged at a time: one of them is the first of its run that is noted."""


class Unfit(Terminal):
    """Of what is written ahead the merge would make something else."""


@dataclass
class _Rows:
    """What was written until now."""

    days: set[date] = field(default_factory=set)
    keys: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Sorted."""

    def take_in(self, rows: pl.DataFrame) -> None:
        """Raises Unfit where a grain of these rows was there before."""
        keys = grain_keys(rows)
        comes_after = not len(keys) or not len(self.keys) or keys[0] > self.keys[-1]
        self.keys = np.concatenate((self.keys, keys))
        if comes_after:  # the usual case: a report is in the order of its days
            return
        self.keys.sort(kind="stable")  # two sorted stretches are merged
        if (self.keys[1:] == self.keys[:-1]).any():
            raise Unfit("rows of several batches belong together")


class HeadStart:
    """Writes one run at a time; ``least_rows``: runs that are smaller need none."""

    def __init__(self, engine: AsyncEngine, least_rows: int) -> None:
        self._engine, self._least = engine, least_rows
        self.run: Beginning | None = None
        """Whose batches are noted."""
        self._is_large = asyncio.Event()

    async def note(self, client_id: int, batch: MetricsBatch, rows: pl.DataFrame) -> None:
        """A batch was staged; rows: its date, creative_id and metrics. Waits while much is to be written."""
        if self.run is None or (self.run.run_id != batch.run_id and self.run.is_idle):
            if batch.sequence >= FIRST:
                return
            self.run = Beginning(client_id, batch, self._least)
        run = self.run
        if run.run_id == batch.run_id:
            run.note(batch.sequence, rows)
            if run.is_large:
                self._is_large.set()
            await run.room()

    @asynccontextmanager
    async def handed_over(self, run_id: UUID) -> AsyncIterator[Beginning | None]:
        """To the merge of the run; what is written is gone at the end of the block, or was committed."""
        run = self.run
        if run is None or run.run_id != run_id:
            yield None
            return
        self.run = None
        run.want()
        if not run.is_begun:
            run.end()
        try:
            yield run
        finally:
            run.released.set()

    async def work(self) -> None:
        """For as long as the service runs."""
        while True:
            await self._is_large.wait()
            self._is_large.clear()
            if self.run and not self.run.is_begun and not self.run.written.done():
                await self._begin(self.run)

    async def _begin(self, run: Beginning) -> None:
        run.is_begun = True
        try:
            with translated():
                await self._write(run)
        except TidemarkError as error:
            log.info("a run has no head start", run_id=str(run.run_id), error=str(error))
        except Exception:
            log.exception("a run has no head start", run_id=str(run.run_id))
        finally:
            run.end()
            if self.run is run:
                self.run = None

    async def _write(self, run: Beginning) -> None:
        """Until it is handed over. Raises Unfit."""
        async with undecided(self._engine) as connection:
            found = await runs.find_run(connection, run.client_id, run.run_id, lock=False)
            if found is None:
                raise Unfit("the run is not there")
            while not await slices.try_turn(connection, run.client_id, run.source):
                await run.more()
                if run.is_wanted or run.is_idle or run.written.done():
                    raise Unfit("it was not its turn")
            run.has_turn = True
            failpoint("loader.head_start")
            pid = (await driver(connection)).get_server_pid()
            done = _Rows()
            async with aclosing(self._coming(run, found, done, pid)) as frames:
                await coming.add_rows(connection, run.client_id, frames)
            run.written.set_result(Written(connection, len(done.keys), frozenset(done.days)))
            await run.released.wait()

    async def _coming(
        self, run: Beginning, found: Run, done: _Rows, pid: int
    ) -> AsyncGenerator[pl.DataFrame]:
        """Rows to be written, until the merge asks for what is."""
        looked = time.monotonic()
        while True:
            if parts := run.taken():
                rows, _ = await asyncio.to_thread(to_grain, parts, found.run_no)
                await self._check_days(found, done, rows)
                await asyncio.to_thread(done.take_in, rows)
                yield rows
            elif run.is_wanted:
                return
            elif run.is_idle:
                raise Unfit("its batches stopped coming")
            if time.monotonic() - looked > LOOK_SECONDS:
                async with transaction(self._engine) as other:
                    if await slices.others_wait(other, pid):
                        raise Unfit("others wait for the turn of its client and source")
                looked = time.monotonic()
            await run.more()

    async def _check_days(self, run: Run, done: _Rows, rows: pl.DataFrame) -> None:
        """Raises Unfit where days cannot have rows, or the client has some. Makes partitions."""
        days = set(rows["date"].unique().to_list()) - done.days
        if not days:
            return
        if outside_kept_months(days, datetime.now(UTC).date()):
            raise Unfit("it has rows of days that are not kept")
        async with transaction(self._engine) as other:
            await facts.ensure_months(other, days)
            standing = await facts.dates_with_rows(other, run.client_id, days)
        if standing:
            raise Unfit(f"there are rows of {min(standing)} already")
        done.days |= days
