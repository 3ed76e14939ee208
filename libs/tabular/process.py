"""The reading process and its pipes, as the parent holds them."""

import asyncio
import os
import re
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson

from libs.allocators import BLOCK_AFTER_BLOCK
from libs.tabular.errors import FileRefused, LimitReached, ReaderCrashed
from libs.tabular.spec import ParseLimits
from libs.tabular.wire import FRAME

_ROOT: Final = str(Path(__file__).parents[2])
_STDERR_LINES: Final = 40
_GRACE: Final = 5.0
_PIPE: Final = 1024 * 1024
# What Python, Rust and the allocator say last; a thread that cannot be started has no memory for its stack.
_OUT_OF_MEMORY: Final = re.compile(
    r"memory allocation of|MemoryError|Cannot allocate memory|spawn|Resource temporarily unavailable"
    r"|thread creation failed"
)


class Process:
    """Reads one file after the other, for as long as nothing went wrong in it."""

    def __init__(self, process: asyncio.subprocess.Process, limits: ParseLimits) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the reading process needs its three pipes")
        self._stdin, self._stdout, self._errors = process.stdin, process.stdout, process.stderr
        self._process, self.limits = process, limits
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._lengths: tuple[int, ...] | None = None  # of the frame that is being read
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, limits: ParseLimits) -> "Process":
        """Executed anew, not forked: nothing of the parent is in it."""
        made = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "libs.tabular.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_PIPE,
            env={"PYTHONPATH": _ROOT, "PATH": os.defpath, "LC_ALL": "C.UTF-8", **BLOCK_AFTER_BLOCK},
        )
        process = cls(made, limits)
        await process.send({"limits": asdict(limits), "parent": os.getpid()})
        return process

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.returncode is None

    async def send(self, job: dict[str, Any]) -> None:
        """A line on its standard input."""
        with suppress(BrokenPipeError, ConnectionResetError):  # it is dead already; reading says why
            self._stdin.write(orjson.dumps(job) + b"\n")
            await self._stdin.drain()

    async def read(self) -> tuple[bytes, bytes]:
        """Head and payload of the next frame; a call that is cancelled takes nothing from the one after it.

        Raises what the process died of.
        """
        stdout = self._stdout
        try:
            if self._lengths is None:
                self._lengths = FRAME.unpack(await stdout.readexactly(FRAME.size))
            head = self._lengths[0]
            frame = await stdout.readexactly(sum(self._lengths))
        except asyncio.IncompleteReadError:
            raise await self._obituary() from None
        self._lengths = None
        return frame[:head], frame[head:]

    async def _obituary(self) -> FileRefused:
        """Why the process died, as far as its exit status and last words tell."""
        try:
            async with asyncio.timeout(_GRACE):
                status = await self._process.wait()
        except TimeoutError:  # it closed its pipe and goes on
            await self.stop()
            status = -signal.SIGKILL
        await asyncio.wait({self._listener})
        words = "\n".join(self._stderr)
        if status == -signal.SIGXCPU:
            return LimitReached(
                f"Reading the file took more than {self.limits.cpu_seconds} s of processor time. "
                "Split the report.",
                limit="cpu",
            )
        if status == -signal.SIGKILL or _OUT_OF_MEMORY.search(words):
            return LimitReached(
                f"Reading the file took more than {self.limits.memory_bytes // 2**20:,} MB of memory. "
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
        self._stdin.close()
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await asyncio.wait({self._listener})
