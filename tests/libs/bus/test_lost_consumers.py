"""A consumer that is lost although everything is up is brought back. On the real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aio_pika import RobustConnection

from contracts.ingest.v1 import PullRequested
from libs.bus import Bus
from libs.bus.declare import declare
from libs.bus.lost import bring_back, renew
from libs.settings import BusSettings
from libs.testing.queues import consumers, delete_queue
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import KEY, QUEUE, SERVICE, Recorder

OTHER = "surfside.reloads"


@asynccontextmanager
async def watched(settings: BusSettings, pull: Recorder) -> AsyncIterator[Bus]:
    """A bus with two queues, and a watch that looks more often than its own."""
    bus = Bus(settings, SERVICE)
    bus.subscriber(QUEUE)(pull)
    bus.subscriber(OTHER)(Recorder())
    await bus.start()
    consumer = bus._consumer
    await eventually(lambda: consumers(settings, QUEUE), what="a consumer")
    await eventually(lambda: consumers(settings, OTHER), what="a consumer")
    watch = asyncio.create_task(
        bring_back(consumer._subscribers, lambda: consumer.broker._connection, every=0.2)
    )
    try:
        yield bus
    finally:
        watch.cancel()
        await bus.stop()


async def lose(bus: Bus) -> None:
    """Cancel the consumer of a queue where the library does not see it."""
    subscriber = next(s for s in bus._consumer._subscribers if s.queue.name == QUEUE)
    assert subscriber._queue_obj is not None
    assert subscriber._consumer_tag is not None
    channel = await subscriber._queue_obj.channel.get_underlay_channel()
    await channel.basic_cancel(subscriber._consumer_tag)


async def test_a_lost_consumer_comes_back_and_takes_what_waited(bus_settings: BusSettings) -> None:
    pull = Recorder()
    async with watched(bus_settings, pull) as bus:
        await lose(bus)
        await bus.publish(KEY, PullRequested(looks=1))
        await pull.has(1)
        assert pull.looks == [1]

        async def each_has_one() -> bool:
            return [await consumers(bus_settings, queue) for queue in (QUEUE, OTHER)] == [1, 1]

        await eventually(each_has_one, what="one consumer for each queue")


async def test_a_missing_queue_takes_no_other_consumer_with_it(bus_settings: BusSettings) -> None:
    async with watched(bus_settings, Recorder()) as bus:
        connection = bus._consumer.broker._connection
        assert isinstance(connection, RobustConnection)
        transport = connection.transport
        await delete_queue(bus_settings, QUEUE)
        await renew(connection, [QUEUE])
        assert connection.transport is transport
        assert await consumers(bus_settings, OTHER) == 1
        await declare(bus_settings)
        await eventually(lambda: consumers(bus_settings, QUEUE), what="a consumer")
