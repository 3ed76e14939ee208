"""The parent's side: starts the reading process, takes its frames, turns its death into one clear refusal."""

import asyncio
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from libs.tabular.dates import setting_order
from libs.tabular.errors import FileRefused, LimitReached, ReaderCrashed, refusal
from libs.tabular.reports import BadRow, Chunk, HeaderReport, Summary
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import FRAME, read_payload

_ROOT: Final = str(Path(__file__).parents[2])
_STDERR_LINES: Final = 40
_GRACE: Final = 5.0
_PIPE: Final = 1024 * 1024
# What Python, Rust and the allocator say last; a thread that cannot be started has no memory for its stack.
_OUT_OF_MEMORY: Final = re.compile(
    r"memory allocation of|MemoryError|Cannot allocate memory|spawn|Resource temporarily unavailable"
    r"|thread creation failed"
)


class Table:
    """An open report: its header is known, its chunks are still to come."""

    def __init__(self, reader: "_Reader", header: HeaderReport) -> None:
        self.header = header
        self._reader = reader
        self._summary: Summary | None = None

    async def chunks(self) -> AsyncIterator[Chunk]:
        """The rows in the file's order, once. Raises FileRefused, also after good chunks."""
        while self._summary is None:
            kind, body, frame = await self._reader.frame()
            if kind == "summary":
                self._summary = Summary.from_json(body["summary"])
            elif frame is not None:
                yield Chunk(frame, tuple(map(_bad_row, body["bad"])))

    @property
    def summary(self) -> Summary:
        """What is known at the end. Raises RuntimeError before the last chunk was taken."""
        if self._summary is None:
            raise RuntimeError("the summary is known when every chunk has been taken")
        return self._summary


@asynccontextmanager
async def read_table(path: Path, spec: TableSpec, limits: ParseLimits | None = None) -> AsyncIterator[Table]:
    """Read an untrusted .csv, .csv.gz or .xlsx in a process of its own; leaving the block ends that process.

    Memory is flat in both processes: the reader waits while nobody takes its chunks. Raises FileRefused for
    whatever the file does, OSError when the file cannot be opened, ValueError for a spec that makes no sense.
    """
    setting_order(spec)  # a date format that makes no sense is no fault of the file
    reader = await _Reader.start(path, spec, limits or ParseLimits())
    try:
        kind, body, _ = await reader.frame()
        if kind != "header":
            raise ReaderCrashed(f"The reader began with {kind!r} instead of a header.")
        yield Table(reader, HeaderReport.from_json(body["header"]))
    finally:
        await reader.stop()


def _absolute(path: Path) -> Path:
    """Raises OSError for what cannot be opened: that is not the file's fault."""
    with path.open("rb"):
        return path.absolute()


def _bad_row(value: dict[str, Any]) -> BadRow:
    return BadRow(value["row_number"], tuple(value["raw_cells"]), tuple(value["reasons"]))


class _Reader:
    """The reading process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process, limits: ParseLimits) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the reading process needs its three pipes")
        self._stdin, self._stdout, self._errors = process.stdin, process.stdout, process.stderr
        self._process, self._limits = process, limits
        self._waited = 0.0
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, path: Path, spec: TableSpec, limits: ParseLimits) -> "_Reader":
        found = await asyncio.to_thread(_absolute, path)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "libs.tabular.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_PIPE,
            env={"PYTHONPATH": _ROOT, "PATH": os.defpath, "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "2"},
        )
        reader = cls(process, limits)
        job = {
            "path": str(found),
            "spec": asdict(spec),
            "limits": asdict(limits),
            "parent": os.getpid(),
        }
        await reader._send(orjson.dumps(job))
        return reader

    async def _send(self, job: bytes) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead already; frame() says why
            self._stdin.write(job)
            await self._stdin.drain()
            self._stdin.close()

    async def frame(self) -> tuple[str, dict[str, Any], pl.DataFrame | None]:
        """(kind, body, table) of the next frame. Only the time spent waiting here counts as wall time."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._limits.wall_seconds - self._waited)):
                head, payload = await self._read()
        except TimeoutError:
            raise LimitReached(
                f"Reading the file took longer than {self._limits.wall_seconds:.0f} s. Split the report.",
                limit="wall",
            ) from None
        except asyncio.IncompleteReadError:
            raise await self._obituary() from None
        finally:
            self._waited += time.monotonic() - began
        body = orjson.loads(head)
        if body["kind"] == "refused":
            raise refusal(body["code"], body["message"], body["details"])
        return body["kind"], body, read_payload(payload) if payload else None

    async def _read(self) -> tuple[bytes, bytes]:
        stdout = self._stdout
        head, payload = FRAME.unpack(await stdout.readexactly(FRAME.size))
        return await stdout.readexactly(head), await stdout.readexactly(payload)

    async def _obituary(self) -> FileRefused:
        """Why the process died, as far as its exit status and last words tell."""
        try:
            async with asyncio.timeout(_GRACE):
                status = await self._process.wait()
        except TimeoutError:  # it closed its pipe and goes on
            await self.stop()
            status = -signal.SIGKILL
        await self._listener
        words = "\n".join(self._stderr)
        if status == -signal.SIGXCPU:
            return LimitReached(
                f"Reading the file took more than {self._limits.cpu_seconds} s of processor time. "
                "Split the report.",
                limit="cpu",
            )
        if status == -signal.SIGKILL or _OUT_OF_MEMORY.search(words):
            return LimitReached(
                f"Reading the file took more than {self._limits.memory_bytes // 2**20:,} MB of memory. "
                "Split the report.",
                limit="memory",
            )
        return ReaderCrashed(
            "The file made its reader fail, so nothing of it was trusted. Export the report again; if it "
            "happens twice, the file is worth a look.",
            exit=status,
            stderr=words[-2_000:],
        )

    async def _listen(self) -> None:
        while block := await self._errors.read(4_096):
            self._stderr.extend(block.decode("utf-8", "replace").splitlines())

    async def stop(self) -> None:
        """End the process, whatever it is doing, and wait for it."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await self._listener
