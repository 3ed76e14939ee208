"""Making the next piece while the one before it is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
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


async def eagerly(source: AsyncGenerator[Piece]) -> AsyncGenerator[Piece]:
    """Each piece of another generator is made while the one before it is used; a piece is never None.

    Of pieces that are large there are two at a time: one in use, one in the making. Use it with ``aclosing``.
    """
    async with aclosing(source):
        coming = asyncio.ensure_future(anext(source, None))
        try:
            while (made := await coming) is not None:
                at_hand = [made]
                del made  # or it would be held while the next but one is made
                coming = asyncio.ensure_future(anext(source, None))
                yield at_hand.pop()
        finally:
            coming.cancel()
            await asyncio.wait([coming])
            coming.cancelled() or coming.exception()  # of a piece that nobody asks for any more
