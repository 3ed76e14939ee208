"""A worker in a process of its own, for tests that kill it: ``python -m tests.libs.bus.process <url> <way>``.

It tells on stdout when a message begins and ends. Ways: ``works``, ``refuses`` (Terminal), ``fails``
(Transient), ``dies`` (where TIDEMARK_FAILPOINT says so), ``slowly`` (until stdin says go).
"""

from __future__ import annotations

import asyncio
import sys

from contracts.ingest.v1 import PullRequested
from libs.bus import Bus, Delivery
from libs.db.engine import make_engine
from libs.errors import Terminal, Transient
from libs.failpoints import failpoint
from libs.http.worker import serve, worker_app
from libs.settings import AppSettings, BusSettings, DatabaseSettings
from tests.libs.bus.consuming import QUEUE, SERVICE


class TalkingBus(Bus):
    """Tells when it is started and stopped."""

    async def start(self) -> None:
        """Start."""
        print("starting", flush=True)
        await super().start()

    async def stop(self) -> None:
        """Stop."""
        print("stopping", flush=True)
        await super().stop()


def main() -> None:
    """Consume until SIGTERM."""
    url, way = sys.argv[1:]
    settings = BusSettings(rabbitmq_url=url, retry_seconds=(0.1, 0.2, 0.4), graceful_timeout=10)
    bus = TalkingBus(settings, SERVICE)
    one_reader = asyncio.Lock()

    @bus.subscriber(QUEUE)
    async def pull(message: PullRequested, delivery: Delivery) -> None:
        print("begin", message.looks, flush=True)
        failpoint("handler")
        if way == "refuses":
            raise Terminal("no such bucket")
        if way == "fails":
            raise Transient("the bucket does not answer")
        if way == "slowly":
            async with one_reader:
                await asyncio.to_thread(sys.stdin.readline)
        print("end", message.looks, flush=True)

    engine = make_engine(DatabaseSettings(database_url="postgresql://nobody@127.0.0.1:1/none"), SERVICE)
    serve(worker_app(SERVICE, bus=bus, engine=engine, relay=False), AppSettings())


if __name__ == "__main__":
    main()
