"""Starting tests.libs.bus.process and listening to it."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from libs.settings import BusSettings

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def process(settings: BusSettings, way: str, failpoint: str = "") -> AsyncIterator[Process]:
    """A worker that consumes, killed at the end."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.libs.bus.process", settings.rabbitmq_url, way),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TIDEMARK_FAILPOINT": failpoint},
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def said(worker: Process, line: str) -> None:
    """Wait until it has written that line."""
    assert worker.stdout is not None
    while (found := await asyncio.wait_for(worker.stdout.readline(), 30)) != f"{line}\n".encode():
        assert found, f"it ended without {line!r}"
