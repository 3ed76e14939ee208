"""A clock that tests set; the one who waits by it wakes when so much time was let pass."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta


class SetClock:
    """Setting the wall's time wakes nobody, as on a real machine. One waits by it at a time."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._passed = timedelta()
        self._until: timedelta | None = None
        """When the one who waits wakes; None: nobody waits just now."""
        self._changed = asyncio.Condition()
        self.waits: list[float] = []
        """Every wait that was begun, in seconds."""

    def now(self) -> datetime:
        """By the clock on the wall."""
        return self._now

    async def wait(self, seconds: float) -> None:
        """Until so much time was let pass."""
        async with self._changed:
            until = self._passed + timedelta(seconds=seconds)
            self._until = until
            self.waits.append(seconds)
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self._passed >= until)

    async def passes(self, time: timedelta) -> None:
        """Let time pass, stopping where somebody wakes; returns when he has done his work and waits again."""
        end = self._passed + time
        while True:
            await self.somebody_waits()
            if self._passed >= end:
                return
            async with self._changed:
                assert self._until is not None
                step = min(self._until, end) - self._passed
                self._now, self._passed = self._now + step, self._passed + step
                if self._passed >= self._until:
                    self._until = None
                self._changed.notify_all()

    async def somebody_waits(self) -> None:
        """Until somebody waits."""
        async with self._changed, asyncio.timeout(20):
            await self._changed.wait_for(lambda: self._until is not None)

    def set(self, now: datetime) -> None:
        """Set the clock on the wall."""
        self._now = now
