"""What cannot be done for now, and is tried again after a pause that grows."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
"""Not shorter: each try with a key of which one queue is full gives its other queues one more copy."""


class Waiting(Generic[Thing]):
    """Things that are left alone until their pause is over."""

    def __init__(self) -> None:
        self._pauses: dict[Thing, float] = {}
        self._until: dict[Thing, float] = {}

    def add(self, thing: Thing) -> float:
        """Leave it alone for a while, twice as long as the last time; returns how long, in seconds."""
        pause = min(self._pauses.get(thing, FIRST_SECONDS / 2) * 2, LONGEST_SECONDS)
        self._pauses[thing], self._until[thing] = pause, time.monotonic() + pause
        return pause

    def remove(self, thing: Thing) -> None:
        """It worked: the next pause is short again."""
        self._pauses.pop(thing, None)
        self._until.pop(thing, None)

    def now(self) -> list[Thing]:
        """What is to be left alone at this moment."""
        return [thing for thing, until in self._until.items() if until > time.monotonic()]
