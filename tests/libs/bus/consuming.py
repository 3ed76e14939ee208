"""A consumer for tests: the Surfside connector's queue of pulls, with a handler of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from contracts.ingest.v1 import PullRequested
from libs.bus import Bus, Delivery
from libs.settings import BusSettings
from libs.testing.queues import consumers
from libs.testing.waiting import eventually

SERVICE = "surfside"
QUEUE = "surfside.pulls"
KEY = "pull.requested.surfside"
DEAD = f"{QUEUE}.dead"

Handler = Callable[[PullRequested, Delivery], Awaitable[None]]


@asynccontextmanager
async def consuming(settings: BusSettings, handler: Handler) -> AsyncIterator[Bus]:
    """A bus that consumes, stopped at the end."""
    bus = Bus(settings, SERVICE)
    bus.subscriber(QUEUE)(handler)
    await bus.start()
    try:
        await eventually(lambda: consumers(settings, QUEUE), what="a consumer")
        yield bus
    finally:
        await bus.stop()


class Recorder:
    """A handler that remembers what it got."""

    def __init__(self) -> None:
        self.messages: list[PullRequested] = []
        self.deliveries: list[Delivery] = []

    async def __call__(self, message: PullRequested, delivery: Delivery) -> None:
        """Take it."""
        self.messages.append(message)
        self.deliveries.append(delivery)

    @property
    def looks(self) -> list[int]:
        """The number that a test gave to each message."""
        return [message.looks for message in self.messages]

    async def has(self, count: int, *, within: float = 20) -> None:
        """Wait for that many messages."""

        async def enough() -> bool:
            return len(self.messages) >= count

        await eventually(enough, within=within, what=f"{count} messages, {self.looks} came")
