"""A run's rows are read while the loader still writes them.

The word that a run is whole goes to the loader and to the aggregator at once. The loader has PostgreSQL
write the rows; meanwhile they are brought into order here, from the batches that wait. Once they are
committed, days that are proved to consist of nothing else need not be read again. Nobody relies on it: what
is not prepared, or not proved, is read from the facts.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RunStaged
from libs.db.engine import snapshot
from libs.db.errors import translated
from libs.metrics.measures import NumberTooLarge
from services.aggregator.frames import rows_by_day
from services.aggregator.store.staged import batches_of

MOST_ROWS = 1_000_000
"""Of all runs that are prepared: 52 bytes each."""


@dataclass(frozen=True)
class Prepared:
    """What a run is going to write."""

    run_id: UUID
    epoch: int
    """Of the hierarchy at that time."""
    days: dict[date, pl.DataFrame]
    """``creative_id`` and FACTS, sorted by creative."""

    @property
    def height(self) -> int:
        """Rows of all days."""
        return sum(rows.height for rows in self.days.values())


class Preparing:
    """Runs that are being merged; each is taken once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._runs: OrderedDict[UUID, asyncio.Future[Prepared | None]] = OrderedDict()

    async def prepare(self, staged: RunStaged) -> None:
        """Read a run's rows. Raises Transient while the database is away: later there is nothing to read."""
        reading = asyncio.ensure_future(self._read(staged))
        self._runs[staged.run_id] = reading
        try:
            found = await reading
        except BaseException:
            self._runs.pop(staged.run_id, None)
            raise
        if found is None:
            self._runs.pop(staged.run_id, None)
        self._make_room()

    async def take(self, run_id: UUID) -> Prepared | None:
        """What is prepared of a run; waited for where it is under way."""
        reading = self._runs.pop(run_id, None)
        if reading is None:
            return None
        await asyncio.wait({reading})
        return None if reading.cancelled() or reading.exception() else reading.result()

    async def _read(self, staged: RunStaged) -> Prepared | None:
        with translated():
            async with snapshot(self._engine) as connection:
                waiting = await batches_of(connection, staged.client_id, staged.run_id, MOST_ROWS)
        if waiting is None:
            return None
        try:
            days = await asyncio.to_thread(rows_by_day, waiting.payloads)
        except NumberTooLarge:  # the loader says so
            return None
        return Prepared(staged.run_id, waiting.epoch, days)

    def _make_room(self) -> None:
        """The oldest go: of runs that failed, or that another process summed up."""
        while sum(run.height for run in self._done()) > MOST_ROWS:
            self._runs.popitem(last=False)

    def _done(self) -> list[Prepared]:
        return [found for run in self._runs.values() if run.done() and (found := run.result()) is not None]
