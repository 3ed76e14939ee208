"""The first batches of a run, in their order, between those who stage them and the one who writes them."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import MetricsBatch

MOST_WAITING = 2
"""Batches that wait to be written before the next one is staged."""
MOST_HELD = 16
"""Batches that are held until it is the run's turn."""
IDLE_SECONDS = 2.0
"""A run none of whose batches came for so long is left to its merge."""
LOOK_SECONDS = 0.2
"""So often is looked whether somebody waits."""


@dataclass(frozen=True)
class Written:
    """What is written of a run, and the transaction in which it is, which has the turn."""

    connection: AsyncConnection
    rows: int
    """At the grain; none of these comes in two batches."""
    days: frozenset[date]


class Beginning:
    """The batches of a run that are staged, in their order from the first one on, until they are written."""

    def __init__(self, client_id: int, batch: MetricsBatch, least_rows: int) -> None:
        self.client_id, self.run_id, self.source = client_id, batch.run_id, batch.source
        self.is_begun = self.has_turn = self.is_wanted = False
        """That it is being written, as soon as it is its turn; that the merge waits for it."""
        self.batches = 0
        """The first ones of the run: those of which nothing is missing before them."""
        self.written: asyncio.Future[Written | None] = asyncio.get_running_loop().create_future()
        """Of these batches; None where they are not, after all."""
        self.released = asyncio.Event()
        self._early: dict[int, pl.DataFrame] = {}
        self._ready: list[pl.DataFrame] = []
        self._least, self._noted = least_rows, time.monotonic()
        self._came, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()

    @property
    def is_large(self) -> bool:
        """Whether so much waits to be written that it should begin."""
        return sum(part.height for part in self._ready) >= self._least

    @property
    def is_idle(self) -> bool:
        """Whether no batch came for long."""
        return time.monotonic() - self._noted > IDLE_SECONDS

    def note(self, sequence: int, rows: pl.DataFrame) -> None:
        """A batch is staged."""
        self._noted = time.monotonic()
        if self.written.done() or self.is_wanted:
            return
        self._early[sequence] = rows
        while (part := self._early.pop(self.batches, None)) is not None:
            self._ready.append(part)
            self.batches += 1
        self._came.set()
        if self.has_turn and len(self._ready) >= MOST_WAITING:
            self._room.clear()
        elif not self.has_turn and len(self._ready) + len(self._early) >= MOST_HELD:
            self.end()

    def taken(self) -> list[pl.DataFrame]:
        """What can be written now; it is not held any more."""
        parts, self._ready = self._ready, []
        self._room.set()
        return parts

    def want(self) -> None:
        """The merge begins: nothing more comes."""
        self.is_wanted = True
        self._came.set()

    async def room(self) -> None:
        """Returns when what waits to be written is little, or is not written after all."""
        await self._room.wait()

    def end(self) -> None:
        """Nothing more is written."""
        if not self.written.done():
            self.written.set_result(None)
        self._ready.clear()
        self._early.clear()
        self._room.set()

    async def more(self) -> None:
        """Returns when there is something to do, or at the next look."""
        if not self.is_wanted:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):  # wait_for may lose that the task is cancelled
                    await self._came.wait()
            self._came.clear()
