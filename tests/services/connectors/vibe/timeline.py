"""The connector in simulated time: hours of waiting in seconds, with real limits, database, HTTP and archive.

The outbox is read as the relay reads it, and each delayed message comes when its rung of the ladder is over.
"""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import asyncpg
import orjson

from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import ReportPoll
from contracts.topology import RETRY_SECONDS
from libs.bus import Bus
from libs.settings import BusSettings
from libs.storage import ObjectStore
from services.connectors.vibe.handlers import Desk
from services.connectors.vibe.handlers.polls import poll
from services.connectors.vibe.handlers.pulls import pull
from services.connectors.vibe.main import make_desk
from services.connectors.vibe.settings import VibeSettings
from tests.connectors.harness import Records
from tests.services.connectors.vibe.conftest import NOON

HANDLING = timedelta(seconds=0.3)
"""What a message takes, in simulated time."""
RELAYING = timedelta(seconds=0.05)


@dataclass
class Timeline:
    """Messages in the order in which they come."""

    owner: asyncpg.Connection[asyncpg.Record]
    """Of the database; open all the time."""
    time: datetime = NOON
    handled: int = 0
    _desk: Desk | None = None
    _coming: list[tuple[datetime, int, str, bytes]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def of(self, desk: Desk) -> Timeline:
        """With the hands that do the work."""
        self._desk = desk
        return self

    @property
    def desk(self) -> Desk:
        assert self._desk is not None
        return self._desk

    def now(self) -> datetime:
        return self.time

    async def pause(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def put(self, key: str, body: bytes, delay: float = 0) -> None:
        due = self.time + RELAYING + timedelta(seconds=delay)
        heapq.heappush(self._coming, (due, next(self._numbers), key, body))

    async def run(self, most: int = 10_000) -> None:
        """Until nothing comes any more."""
        while self._coming:
            await self.step()
            assert self.handled < most, "messages go round in circles"

    async def step(self) -> None:
        """The next message."""
        due, _, key, body = heapq.heappop(self._coming)
        self.time = max(self.time, due)
        await self._handle(key, body)
        self.time += HANDLING
        self.handled += 1

    async def _handle(self, key: str, body: bytes) -> None:
        if key == "pull.requested.vibe":
            await pull(self.desk, PullRequested.model_validate_json(body))
        elif key == "report.poll":
            await poll(self.desk, ReportPoll.model_validate_json(body))
        rows = await self.owner.fetch(
            "WITH gone AS (DELETE FROM outbox RETURNING *) SELECT * FROM gone ORDER BY id"
        )
        for row in rows:
            wanted = row["delay_seconds"] or 0
            rung = min(rung for rung in RETRY_SECONDS if rung >= wanted) if wanted else 0
            self.put(row["routing_key"], row["body"], rung)


@asynccontextmanager
async def timeline(settings: VibeSettings, records: Records, bus: BusSettings) -> AsyncIterator[Timeline]:
    """A desk whose clock is the timeline's."""
    settings = settings.model_copy(update={"retry_seconds": RETRY_SECONDS})
    publisher, store = Bus(bus, "vibe"), ObjectStore(settings)
    clock = Timeline(await asyncpg.connect(records.owner_url))
    desk = replace(make_desk(settings, publisher, store, clock.now), pause=clock.pause)
    line = clock.of(desk)
    await store.open()
    await desk.workspace.open()
    try:
        yield line
    finally:
        await desk.readers.close()
        await desk.workspace.close()
        await desk.api.close()
        await store.close()
        await publisher.stop()
        await desk.engine.dispose()
        await clock.owner.close()


def pull_of_all() -> bytes:
    """What the schedule says at six in the morning."""
    return orjson.dumps({})
