"""Files whose reading was begun before their runs: who accepted an upload looked into it already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Self

from libs.tabular import Begun, Readers, Table, TableSpec

ReadTable = Callable[[Path, TableSpec], AbstractAsyncContextManager[Table]]
MOST = 2
"""Readings that are put aside; each has a process."""


class Ahead:
    """One file's reading, to be put aside; what is not is ended with the block."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self.begun: Begun | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.begun is not None:
            await self.begun.end()

    @asynccontextmanager
    async def read_table(self, path: Path, spec: TableSpec) -> AsyncIterator[Table]:
        """Read it; it is not ended here."""
        self.begun = await self._readers.begin(path, spec, remember=True)
        yield self.begun.table

    def taken(self) -> Begun | None:
        """The reading, which is the caller's to end from here on."""
        begun, self.begun = self.begun, None
        return begun


class Aside:
    """Readings that wait for their runs, by name. Nobody may rely on them: they end with the process."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._waiting: dict[str, Begun] = {}

    async def put(self, name: str, begun: Begun | None) -> None:
        """Put a reading aside for a message that comes soon, the oldest of MOST making room."""
        if begun is None:
            return
        while len(self._waiting) >= MOST:
            await self._waiting.pop(next(iter(self._waiting))).end()
        self._waiting[name] = begun

    @asynccontextmanager
    async def read_table(self, name: str, path: Path, spec: TableSpec) -> AsyncIterator[Table]:
        """The reading of this name, from its first row on, if it was by this very spec; else a new one."""
        begun = self._waiting.pop(name, None)
        if begun is not None and begun.spec != spec:
            await begun.end()
            begun = None
        if begun is None:
            async with self._readers.read_table(path, spec) as table:
                yield table
            return
        try:
            begun.table.rewind()
            yield begun.table
        finally:
            await begun.end()

    async def close(self) -> None:
        """End those that still wait."""
        while self._waiting:
            await self._waiting.popitem()[1].end()
