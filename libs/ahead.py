"""Making the next piece while the one before it is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

Piece = TypeVar("Piece")


async def ahead(pieces: Iterator[Piece]) -> AsyncGenerator[Piece]:
    """Each piece is made in a thread while the one before it is used; a piece is never None.

    Use it with ``aclosing``: a thread that is at work is waited for.
    """
    coming = asyncio.ensure_future(asyncio.to_thread(next, pieces, None))
    try:
        while (piece := await asyncio.shield(coming)) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(next, pieces, None))
            yield piece
    finally:
        await asyncio.wait([coming])
        coming.exception()  # of a piece that nobody asks for any more
