"""Two ports of one process: the public one, and the one for supervisors and Prometheus."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn


async def serve_both(public: uvicorn.Config, inner: uvicorn.Config) -> None:
    """Serve both until the public one is asked to stop."""
    beside = _Beside(inner)
    serving = asyncio.create_task(beside.serve())
    await uvicorn.Server(public).serve()
    beside.should_exit = True
    await serving


class _Beside(uvicorn.Server):
    """A second server of the process; signals belong to the first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield
