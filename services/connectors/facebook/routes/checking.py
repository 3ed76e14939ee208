"""An upload is looked through before it is answered: is it a daily export, what of it is there already?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from libs.connector.account import Client, RunRefused
from libs.connector.archive import Kept
from libs.http.errors import Problem
from libs.http.signed import Caller
from libs.tabular import BadRow, Chunk, FileRefused, Table
from services.connectors.facebook import frames
from services.connectors.facebook.handlers.begun import Ahead
from services.connectors.facebook.handlers.reading import UploadReading, reading_of
from services.connectors.facebook.routes.access import Parts
from services.connectors.facebook.routes.receiving import Received
from services.connectors.facebook.store import standing

SHOWN_REJECTED = 100
TIMES = 10
"""So many times as long for the header, which tells what is no export at all, for a file that is one chunk,
and for a chunk that does not come."""
ONE_CHUNK = 8 << 20
"""Bytes."""
_NO_RUN = UUID(int=0)


@dataclass
class Findings:
    """What is known of an upload. ``whole``: it was read to its end, so that nothing more will be found."""

    reading: UploadReading
    whole: bool = False
    duplicates: pl.DataFrame = field(default_factory=lambda: frames.standing().select(frames.KEY))
    """Grains that stand already."""
    rejected: list[dict[str, Any]] = field(default_factory=list)
    """The first bad rows."""
    rows: list[pl.DataFrame] = field(default_factory=list)
    """At the grain, where they were asked for."""

    def note_bad(self, bad: Sequence[BadRow]) -> None:
        """Keep the first bad rows, as the run would."""
        for row in bad:
            number, raw, reasons = self.reading.rejected(row)
            if len(self.rejected) < SHOWN_REJECTED:
                self.rejected.append({"row_number": number, "raw": raw, "reasons": reasons})


class Time:
    """How long a file is looked through: it costs nobody anything while it is archived."""

    def __init__(self, seconds: float | None, size: int, archiving: asyncio.Task[Kept] | None) -> None:
        self._patience = None if seconds is None else TIMES * seconds
        self._least = seconds if size > ONE_CHUNK else self._patience
        self._archiving = archiving
        self.is_over = False
        """Whether there may be chunks that nobody looked at."""
        self.limit = asyncio.timeout(self._patience)
        """For the header, then for each chunk."""

    async def chunks_of(self, table: Table) -> AsyncGenerator[Chunk]:
        """The first chunk, and all that come while there is time. What was not taken can still be read."""
        ending = asyncio.create_task(self._ended())
        chunks = table.chunks()
        try:
            self._wait_anew()
            chunk = await anext(chunks, None)
            while chunk is not None:
                yield chunk
                self._wait_anew()
                chunk = await self._unless(ending, chunks)
        finally:
            ending.cancel()

    async def _unless(self, ending: asyncio.Task[None], chunks: AsyncIterator[Chunk]) -> Chunk | None:
        """The next chunk; None at the end of the file, and where the time is over before it comes."""
        coming = asyncio.ensure_future(anext(chunks, None))
        try:
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not coming.done():
                coming.cancel()
                await asyncio.wait({coming})
        self.is_over = coming.cancelled()
        return None if self.is_over else coming.result()

    async def _ended(self) -> None:
        """Returns when no other chunk need be looked at. The header is there."""
        if self._least is None:
            await asyncio.Event().wait()
            return
        await asyncio.sleep(self._least)
        if self._archiving is not None:
            await asyncio.wait({self._archiving})

    def _wait_anew(self) -> None:
        if self._patience is not None:
            self.limit.reschedule(asyncio.get_running_loop().time() + self._patience)


class Checker:
    """Reads an upload as its run will, without sending anything. Raises FileRefused and RunRefused."""

    def __init__(
        self, parts: Parts, caller: Caller, client: Client, taken: Received, ahead: Ahead | None = None
    ) -> None:
        """``ahead``: where the reading goes on after the look."""
        self.parts, self.caller, self.client, self.taken = parts, caller, client, taken
        self.ahead = ahead
        self._read_table = ahead.read_table if ahead else parts.desk.readers.read_table
        self._standing = frames.standing()
        self._days: set[date] = set()
        self._may_stand = False

    async def look(
        self, *, keep_rows: bool, seconds: float | None, archiving: asyncio.Task[Kept] | None = None
    ) -> Findings:
        """All of the file, or as far as one comes in so many seconds after its header and meanwhile."""
        options = self.taken.form.options
        desk = self.parts.desk
        async with self.parts.seen_by(self.caller) as connection:
            past = await standing.history(connection, self.client.id, _NO_RUN)
            if keep_rows or options.on_duplicate == "reject":
                self._may_stand = await standing.has_rows(connection, self.client.id)
        found = Findings(reading_of(self._read_table, self.client, desk.now(), options, past))
        time = Time(seconds, self.taken.file.size, archiving)
        try:
            async with time.limit:
                await self._read(found, time, keep_rows=keep_rows)
        except TimeoutError:
            if self.ahead is None or self.ahead.begun is None:
                await desk.readers.warm()  # the one that was left early is gone
        return found

    async def _read(self, found: Findings, time: Time, *, keep_rows: bool) -> None:
        reading = found.reading
        async with reading.open_table(self.taken.file.path) as table:
            reading.begin_part(self.taken.name, table.header)
            async with aclosing(time.chunks_of(table)) as chunks:
                async for chunk in chunks:
                    await self._note(found, chunk, keep_rows=keep_rows)
            if time.is_over:
                return
            reading.end_part(table.summary)
        reading.check()
        found.whole = True

    async def _note(self, found: Findings, chunk: Chunk, *, keep_rows: bool) -> None:
        rows = found.reading.complete(chunk.frame)
        found.note_bad(chunk.bad)
        if keep_rows:
            found.rows.append(await asyncio.to_thread(frames.to_grain, [rows]))
        if rows.height and self._may_stand:
            stand = await self.standing_on(rows["date"].unique().to_list(), found.reading.account)
            more = await asyncio.to_thread(frames.duplicates, rows, stand)
            found.duplicates = pl.concat([found.duplicates, more]).unique(maintain_order=True)

    async def standing_on(self, days: list[date], account: str) -> pl.DataFrame:
        """What stands on these days; each day is asked for once."""
        missing = sorted(set(days) - self._days)
        if missing:
            async with self.parts.seen_by(self.caller) as connection:
                more = await standing.standing_rows(connection, self.client.id, account, missing)
            self._standing = pl.concat([self._standing, more])
            self._days |= set(missing)
        return self._standing


async def looked_through(
    checker: Checker, *, keep_rows: bool, seconds: float | None, archiving: asyncio.Task[Kept] | None = None
) -> Findings:
    """What a look finds. Raises Problem (400) for a file that is refused."""
    try:
        return await checker.look(keep_rows=keep_rows, seconds=seconds, archiving=archiving)
    except FileRefused as error:
        raise Problem(
            400, error.message, code=error.code.upper(), details={"reason": error.code, **error.details}
        ) from error
    except RunRefused as error:
        raise Problem(400, str(error), code=error.code.upper(), details={"reason": error.code}) from error
