"""Waiting for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
_SOON, _SELDOM = 0.03, 0.5
_SHARE = 0.1
"""Of the time that was waited so far: how long the next pause is. Asking costs processor time that what is
waited for would need."""


async def eventually(
    condition: Callable[[], Awaitable[Found]],
    *,
    within: float = 20.0,
    every: float | None = None,
    what: str = "",
) -> Found:
    """The first true value of a condition. Raises AssertionError with the last value after the deadline.

    ``every``: seconds between two looks; without it they become rarer the longer it takes.
    """
    began = time.monotonic()
    while True:
        found = await condition()
        if found:
            return found
        waited = time.monotonic() - began
        if waited > within:
            raise AssertionError(f"not within {within:g} s: {what or condition} (last: {found!r})")
        await asyncio.sleep(every or min(max(_SOON, _SHARE * waited), _SELDOM))
