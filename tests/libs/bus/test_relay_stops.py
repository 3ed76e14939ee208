"""A relay that is told to stop ends, wherever the word reaches it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from libs.bus import Bus
from libs.bus.outbox import Relay
from libs.settings import BusSettings


async def test_cancelled_at_any_moment_it_ends(
    engine_of: Callable[[str], AsyncEngine], bus_settings: BusSettings
) -> None:
    """In the midst of a statement, too: there the commit failed and hid the cancellation (one in five)."""
    chance = random.Random(1)
    bus = Bus(bus_settings, "surfside")
    for _ in range(40):
        relay = Relay(engine_of("surfside"), bus, "surfside")
        task = asyncio.create_task(relay.run())
        for _ in range(3):
            relay._wake.set()
            await asyncio.sleep(chance.random() * 0.012)  # a moment of its own each time, not a wait
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=5)
        assert done, "the relay goes on after it was cancelled"
    await bus.stop()
