"""A folder for files on their way, of which nothing is left behind: not by a crash either."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

_LOCK = ".in-use"
KEPT_FILES = 4


class Workspace:
    """``root`` may be shared by several processes of a service; each has its own locked folder in it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._own: Path | None = None
        self._lock: int | None = None
        self._kept: dict[str, Path] = {}

    async def open(self) -> None:
        """Make the own folder, and delete those whose process is gone."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Delete the own folder with all that is in it."""
        await asyncio.to_thread(self._close)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A new folder for one message; gone after the block."""
        if self._own is None:
            raise RuntimeError("open the Workspace first")
        path = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=self._own))
        try:
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)

    async def keep(self, name: str, file: Path) -> None:
        """Put a file of a folder aside for a message that comes soon, the oldest of KEPT_FILES making room.

        Nobody may rely on it: it ends with the process.
        """
        assert self._own is not None  # noqa: S101 - the file lies in a folder of it
        place = self._own / f"kept-{uuid4().hex}"
        await asyncio.to_thread(os.link, file, place)
        if len(self._kept) >= KEPT_FILES:
            self._kept.pop(next(iter(self._kept))).unlink()
        self._kept[name] = place

    def take(self, name: str, to: Path) -> bool:
        """Move a file that was put aside to ``to``; False where there is none."""
        kept = self._kept.pop(name, None)
        if kept is not None:
            kept.rename(to)
        return kept is not None

    def _open(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._root.iterdir():
            _remove_unless_used(left)
        own = Path(tempfile.mkdtemp(prefix="work-", dir=self._root))
        self._lock = os.open(own / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._own = own

    def _close(self) -> None:
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _remove_unless_used(folder: Path) -> None:
    """The lock ends with its process, however that ended."""
    with suppress(FileNotFoundError):
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            return
        finally:
            os.close(handle)
