"""The parent's side: hands files to reading processes and takes their frames."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from libs.tabular.dates import setting_order
from libs.tabular.errors import LimitReached, ReaderCrashed, refusal
from libs.tabular.process import Process
from libs.tabular.reports import BadRow, Chunk, HeaderReport, Summary
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import read_payload

_MOST_IDLE: Final = 2


class Table:
    """An open report: its header is known, its chunks are still to come."""

    def __init__(self, frames: "_Frames", header: HeaderReport) -> None:
        self.header = header
        self._frames = frames
        self._summary: Summary | None = None

    async def chunks(self) -> AsyncIterator[Chunk]:
        """The rows in the file's order, once. Raises FileRefused, also after good chunks."""
        while self._summary is None:
            kind, body, frame = await self._frames.next()
            if kind == "summary":
                self._summary = Summary.from_json(body["summary"])
            elif frame is not None:
                yield Chunk(frame, tuple(map(_bad_row, body["bad"])))

    def rewind(self) -> None:
        """Have the chunks from the first one again, of a table that was begun to be gone on with."""
        self._frames.rewind()
        self._summary = None

    @property
    def summary(self) -> Summary:
        """What is known at the end. Raises RuntimeError before the last chunk was taken."""
        if self._summary is None:
            raise RuntimeError("the summary is known when every chunk has been taken")
        return self._summary


@dataclass(frozen=True)
class Begun:
    """A table that is read until ``end``, by whoever has it then."""

    table: Table
    spec: TableSpec
    process: Process
    frames: "_Frames"
    readers: "Readers"

    async def end(self) -> None:
        """Give the process back; it is ended where the file was not read to its end."""
        await self.readers.release(self.process, is_fit=self.frames.is_fit)


class Readers:
    """Reading processes, each kept for the next file while it read without trouble.

    Starting one takes 0.25 s of processor time, most of what a file of 50,000 rows costs. One that refused
    a file, was left early, has read many files or has grown is ended; so are all by ``close``.
    """

    def __init__(self, limits: ParseLimits | None = None) -> None:
        self._limits = limits or ParseLimits()
        self._idle: list[Process] = []

    @asynccontextmanager
    async def read_table(self, path: Path, spec: TableSpec) -> AsyncIterator[Table]:
        """Read an untrusted .csv, .csv.gz or .xlsx in a process of its own.

        Memory is flat in both processes: the reader waits while nobody takes its chunks. Raises FileRefused
        for whatever the file does, OSError when the file cannot be opened, ValueError for a spec that makes
        no sense.
        """
        begun = await self.begin(path, spec)
        try:
            yield begun.table
        finally:
            await begun.end()

    async def begin(self, path: Path, spec: TableSpec, *, remember: bool = False) -> Begun:
        """The same, to be ended by the caller. ``remember``: keep the chunks that are taken, as they came
        and compressed, until the table is rewound: who looked into a file may hand it on.
        """
        setting_order(spec)  # a date format that makes no sense is no fault of the file
        found = await asyncio.to_thread(_absolute, path)
        process = await self._free()
        frames = _Frames(process, self._limits.wall_seconds)
        try:
            await process.send({"path": str(found), "spec": asdict(spec)})
            kind, body, _ = await frames.next()
            if kind != "header":
                raise ReaderCrashed(f"The reader began with {kind!r} instead of a header.")
        except BaseException:
            await self.release(process, is_fit=False)
            raise
        frames.remembers = remember
        return Begun(Table(frames, HeaderReport.from_json(body["header"])), spec, process, frames, self)

    async def warm(self) -> None:
        """Have a process ready: for who answers people, a quarter of a second of processor time matters."""
        if not self._idle:
            self._idle.append(await Process.start(self._limits))

    async def close(self) -> None:
        """End the processes that wait."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(process.stop() for process in idle))

    async def _free(self) -> Process:
        while self._idle:
            process = self._idle.pop()
            if process.is_alive:
                return process
            await process.stop()
        return await Process.start(self._limits)

    async def release(self, process: Process, *, is_fit: bool) -> None:
        """Keep a process for the next file, if it is fit for one."""
        if is_fit and len(self._idle) < _MOST_IDLE:
            self._idle.append(process)
        else:
            await process.stop()


@asynccontextmanager
async def read_table(path: Path, spec: TableSpec, limits: ParseLimits | None = None) -> AsyncIterator[Table]:
    """``Readers.read_table`` for one file; leaving the block ends the process."""
    readers = Readers(limits)
    try:
        async with readers.read_table(path, spec) as table:
            yield table
    finally:
        await readers.close()


def _absolute(path: Path) -> Path:
    """Raises OSError for what cannot be opened: that is not the file's fault."""
    with path.open("rb"):
        return path.absolute()


def _bad_row(value: dict[str, Any]) -> BadRow:
    return BadRow(value["row_number"], tuple(value["raw_cells"]), tuple(value["reasons"]))


class _Frames:
    """The frames of one file."""

    def __init__(self, process: Process, wall_seconds: float) -> None:
        self._process, self._left = process, wall_seconds
        self._wall_seconds = wall_seconds
        self.is_fit = False
        """Whether the process came to the file's end and says that it can read another one."""
        self.remembers = False
        self._seen: deque[tuple[bytes, bytes]] = deque()
        self._again: deque[tuple[bytes, bytes]] = deque()

    def rewind(self) -> None:
        """Give what is remembered again, then what follows; from here on nothing is remembered."""
        self._again, self._seen, self.remembers = self._seen, deque(), False

    async def next(self) -> tuple[str, dict[str, Any], pl.DataFrame | None]:
        """(kind, body, table) of the next frame."""
        head, payload = self._again.popleft() if self._again else await self._read()
        if self.remembers:
            self._seen.append((head, payload))
        body = orjson.loads(head)
        if body["kind"] == "refused":
            raise refusal(body["code"], body["message"], body["details"])
        self.is_fit = body["kind"] == "summary" and body["is_fit"]
        return body["kind"], body, read_payload(payload) if payload else None

    async def _read(self) -> tuple[bytes, bytes]:
        """Only the time spent waiting here counts as wall time."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._left)):
                return await self._process.read()
        except TimeoutError:
            raise LimitReached(
                f"Reading the file took longer than {self._wall_seconds:.0f} s. Split the report.",
                limit="wall",
            ) from None
        finally:
            self._left -= time.monotonic() - began
