"""Waiting for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def eventually(
    condition: Callable[[], Awaitable[Found]], *, within: float = 20.0, every: float = 0.03, what: str = ""
) -> Found:
    """The first true value of a condition. Raises AssertionError with the last value after the deadline."""
    deadline = time.monotonic() + within
    while True:
        found = await condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what or condition} (last: {found!r})")
        await asyncio.sleep(every)
