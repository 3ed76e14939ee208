"""Answers over a question, kept as they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import Response

from libs.http.answers import ExactJSON, exact_json
from libs.reading import ranges, sections
from libs.reading.reading import Reading


async def answered(
    read: Reading,
    what: str,
    make: Callable[[], Awaitable[Mapping[str, Any]]],
    *more: object,
    days: ranges.Range | None = None,
) -> Response:
    """The heading and what is made, from the cache where nothing of it has changed. ``what`` and ``more``
    say which answer it is, beside the question; ``days``: all that it looks at, if more than the question's.
    """

    async def body() -> bytes:
        return exact_json({**await sections.heading(read), **await make()})

    return Response(await read.answer(what, body, *more, days=days), media_type=ExactJSON.media_type)
