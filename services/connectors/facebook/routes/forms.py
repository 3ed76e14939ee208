"""A form whose file goes where it stays while it comes, in large pieces, and is hashed on the way.

Starlette's own parser writes each of the few kilobytes that come at a time in a thread's turn, to a temporary
file that then had to be read and written again: a third of the time until 50 MB were looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import BinaryIO, cast

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from libs.http.errors import Problem
from libs.storage import Download

MAX_FIELDS = 20
MAX_FIELD_BYTES = 8_192
_PIECE = 1 << 20


class Taking:
    """The file of the form, as far as it came. Written in threads, one piece at a time."""

    def __init__(self, path: Path) -> None:
        self._file, self._path = path.open("wb"), path
        self._digest, self._size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> int:
        """The next piece."""
        self._digest.update(piece)
        self._size += len(piece)
        return self._file.write(piece)

    def seek(self, _: int) -> None:
        """Its end: the parser would rewind it, to be read again."""

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def taken(self) -> Download:
        """The whole of it."""
        return Download(self._path, self._size, self._digest.hexdigest())


class _Parser(MultiPartParser):
    """Of a form with one file at most."""

    def __init__(self, request: Request, stream: AsyncGenerator[bytes, None], taking: Taking) -> None:
        super().__init__(
            request.headers, stream, max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        )
        self._taking = taking

    def on_headers_finished(self) -> None:
        """A part begins; of its file only the place is changed."""
        super().on_headers_finished()
        if file := self._current_part.file:
            file.file.close()
            file.file = cast("BinaryIO", self._taking)


async def parsed(request: Request, taking: Taking) -> FormData:
    """The form; its file, if it has one, went into ``taking``. Raises Problem."""
    async with aclosing(request.stream()) as pieces, aclosing(_larger(pieces)) as larger:
        try:
            return await _Parser(request, larger, taking).parse()
        except MultiPartException as error:
            raise Problem(400, f"The form cannot be read: {error.message}") from error


async def _larger(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same bytes in fewer pieces."""
    held: list[bytes] = []
    size = 0
    async for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
