"""Imported by the fork server of tests.spawned: what the services' processes need not import again."""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
LIBRARIES = (
    "aioboto3",
    "aiosmtplib",
    "faststream.rabbit",
    "libs.bus",
    "libs.http.worker",
    "libs.observability.starting",
    "numpy",
    "openpyxl",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.ext.asyncio",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
)
"""Not Polars: it starts threads, and a copy of a process has only the thread that made it."""


def die_with_parent() -> None:
    """No process may outlive the tests, however these end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _preload() -> None:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for library in LIBRARIES:
        importlib.import_module(library)
    tasks = Path("/proc/self/task")
    if tasks.exists() and len(list(tasks.iterdir())) > 1:
        raise RuntimeError(f"one of {LIBRARIES} starts threads: a process cannot be copied with them")


die_with_parent()
_preload()
