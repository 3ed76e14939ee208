"""A run's rows are read while the loader still writes them.

The word that a run is whole goes to the loader and to the aggregator at once. The loader has PostgreSQL
write the rows; meanwhile they are brought into order here, from the batches that wait. Once they are
committed, days that are proved to consist of nothing else need not be read again. Nobody relies on it: what
is not prepared, or not proved, is read from the facts.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.load.v1 import RunStaged
from libs.db.engine import snapshot
from libs.db.errors import translated
from libs.metrics.measures import FACTS, NumberTooLarge
from libs.metrics.rows import null_sum
from services.aggregator.frames import rows_by_day
from services.aggregator.store.staged import Totals, batches_of

Run = tuple[UUID, UUID]
"""Client and run."""

MOST_ROWS = 1_000_000
"""Of all runs that are prepared: 52 bytes each."""

LARGEST_DAY = 250_000
"""Rows of a day that are kept: summing up a million takes 380 MB without them being held from before."""


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

    def proved_by(self, written: Mapping[date, Totals]) -> dict[date, pl.DataFrame]:
        """The days on which the run alone wrote, and wrote just this: as many rows, with the same sums."""
        return {day: rows for day, rows in self.days.items() if day in written and _are(rows, written[day])}


def _are(rows: pl.DataFrame, totals: Totals) -> bool:
    found = {"rows": rows.height, **rows.select(null_sum(name) for name in FACTS).row(0, named=True)}
    return all(name in totals and totals[name] == value for name, value in found.items())


class Preparing:
    """Runs that are being merged; each is taken once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._runs: OrderedDict[Run, asyncio.Future[Prepared | None]] = OrderedDict()

    async def prepare(self, staged: RunStaged) -> None:
        """Read a run's rows, unless that was done. Raises Transient while the database is away."""
        run = (staged.client_id, staged.run_id)
        if run in self._runs:  # a run that is put off is announced again and again
            return
        self._runs[run] = reading = asyncio.ensure_future(self._read(staged))
        found = None
        try:
            found = await reading
        finally:
            if found is None:
                self._runs.pop(run, None)
        self._make_room()

    async def take(self, client_id: UUID, run_id: UUID) -> Prepared | None:
        """What is prepared of a run; waited for where it is under way."""
        reading = self._runs.pop((client_id, run_id), None)
        if reading is None:
            return None
        await asyncio.wait({reading})
        return _found(reading)

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
        usual = {day: rows for day, rows in days.items() if rows.height <= LARGEST_DAY}
        return Prepared(staged.run_id, waiting.epoch, usual)

    def _make_room(self) -> None:
        """The oldest go: of runs that failed, or that another process summed up."""
        while sum(found.height for run in self._runs.values() if (found := _found(run))) > MOST_ROWS:
            self._runs.popitem(last=False)


def _found(reading: asyncio.Future[Prepared | None]) -> Prepared | None:
    """What came of it, so far."""
    is_there = reading.done() and not reading.cancelled() and reading.exception() is None
    return reading.result() if is_there else None
