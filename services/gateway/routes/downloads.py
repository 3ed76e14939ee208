"""Files that are sent piece by piece, and end with their reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

READER_SECONDS = 60
"""A reader that takes nothing for so long is gone: it holds a connection of the database."""


class Download(StreamingResponse):
    """Ends when its reader is gone or takes nothing any more, and closes what it reads from."""

    def __init__(self, pieces: AsyncGenerator[bytes], media_type: str, headers: dict[str, str]) -> None:
        super().__init__(pieces, media_type=media_type, headers=headers)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        """Send it piece by piece."""

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(READER_SECONDS):
                await send(message)

        async with aclosing(self._pieces):
            await super().stream_response(patiently)
