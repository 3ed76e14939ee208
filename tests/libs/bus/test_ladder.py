"""The retry ladder and the way back from the dead letters."""

from __future__ import annotations

import asyncio
import time

import aio_pika
from structlog.testing import capture_logs

from contracts.ingest.v1 import PullRequested
from contracts.topology import DELIVERY_LIMIT, QUEUES, RETRY_SECONDS, retry_name
from libs.bus import Bus, Delivery
from libs.bus.declare import declare
from libs.errors import Terminal, Transient
from libs.settings import BusSettings
from libs.testing.queues import delete_queue, depth, move_messages, put_raw, take
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, Recorder, consuming


async def test_a_short_delay_does_not_wait_behind_a_long_one(bus_settings: BusSettings) -> None:
    """In one queue with a TTL per message it would: a 1 s message behind a 10 s one came after 8 s."""
    settings = bus_settings.model_copy(update={"retry_seconds": (0.2, 10)})
    await declare(settings)
    pull = Recorder()
    async with consuming(settings, pull) as bus:
        started = time.monotonic()
        await bus.publish_later(QUEUE, b'{"looks": 1}', seconds=10, correlation_id="late")
        await bus.publish_later(QUEUE, b'{"looks": 2}', seconds=0.2, correlation_id="soon")
        await pull.has(1)
        assert time.monotonic() - started < 3
    assert pull.looks == [2]
    assert pull.deliveries[0].attempt == 1
    assert await depth(settings, retry_name(10)) == 1


async def test_a_delay_is_never_shorter_than_asked_up_to_the_last_rung(bus_settings: BusSettings) -> None:
    bus = Bus(bus_settings, "surfside")
    asked = {0: 0.1, 0.1: 0.1, 0.15: 0.2, 0.3: 0.4, 86_400: 0.4}
    for seconds in asked:
        await bus.publish_later(QUEUE, b'{"looks": 1}', seconds=seconds, correlation_id=str(seconds))
    await bus.stop()
    arrived = [await take(bus_settings, QUEUE) for _ in asked]
    rungs = {letter.correlation_id: letter.headers["x-first-death-queue"] for letter in arrived}
    assert rungs == {str(seconds): retry_name(rung) for seconds, rung in asked.items()}


async def test_other_consumers_of_the_key_get_no_copy_of_a_retry(bus_settings: BusSettings) -> None:
    """``run.loaded`` goes to two queues; the aggregator's failure is not told to the notifier again."""
    failed = asyncio.Event()

    async def handle(message: object, delivery: Delivery) -> None:
        if delivery.attempt < 3:
            raise Transient("not yet")
        failed.set()

    await declare(bus_settings)  # other services' queues, too
    bus = Bus(bus_settings, "aggregator")
    bus.subscriber("aggregator.loads")(handle)
    await bus.start()
    loaded = (
        b'{"client_id": "8c8e1b1c-5c3c-4b7e-9d5e-0a6f2f5d7a11", "source": "vibe", "status": "loaded",'
        b'"run_id": "0e0a3c52-6a55-4d5a-8a8b-5c8a64c5b5f0"}'
    )
    loader = Bus(bus_settings, "loader")
    await loader.publish_bytes("run.loaded", loaded)
    await asyncio.wait_for(failed.wait(), 20)
    await bus.stop()
    await loader.stop()
    assert await depth(bus_settings, "notifier.loads") == 1


async def test_moved_messages_count_anew_and_a_replay_can_work(bus_settings: BusSettings) -> None:
    """With the shovel that the management page uses: all headers come back with the message."""
    seen: list[tuple[str, int]] = []
    broken = True

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        seen.append((delivery.correlation_id, delivery.attempt))
        if broken:
            raise Terminal("the bucket is gone")

    async def again() -> bool:
        return len(seen) == 3

    async with consuming(bus_settings, pull) as bus:
        await bus.publish(KEY, PullRequested(), correlation_id="first")
        await put_raw(bus_settings, QUEUE, b"{}", correlation_id="typed")
        await eventually(lambda: _is(bus_settings, DEAD, 2))
        broken = False
        seen.pop()
        await move_messages(bus_settings, DEAD, QUEUE)
        await eventually(again)
    assert sorted(seen[1:]) == [("first", 1), ("typed", 1)]
    assert await depth(bus_settings, DEAD) == 0


async def test_while_its_copy_cannot_be_published_a_message_is_held_and_not_sent_in_circles(
    bus_settings: BusSettings,
) -> None:
    """Given back it would come at once, and twenty times later it would be a dead letter."""
    attempts: list[int] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        if delivery.attempt == 1:
            raise Transient("not yet")

    await delete_queue(bus_settings, retry_name(0.1))
    with capture_logs() as logs:

        async def held() -> bool:
            return [entry["event"] for entry in logs].count("held: its copy cannot be published") >= 3

        async def twice() -> bool:
            return len(attempts) == 2

        async with consuming(bus_settings, pull):
            await put_raw(bus_settings, QUEUE, b"{}")
            await eventually(held)
            assert attempts == [1]
            await declare(bus_settings)
            await eventually(twice)
    assert attempts == [1, 2]


async def test_a_held_message_does_not_keep_the_bus_from_stopping(bus_settings: BusSettings) -> None:
    await delete_queue(bus_settings, DEAD)
    pull = Recorder()
    with capture_logs() as logs:

        async def held() -> bool:
            return "held: its copy cannot be published" in [entry["event"] for entry in logs]

        async with consuming(bus_settings, pull):
            await put_raw(bus_settings, QUEUE, b"poison")
            await eventually(held)
    assert await depth(bus_settings, QUEUE) == 1


async def test_a_dead_letter_can_be_looked_at_any_number_of_times(bus_settings: BusSettings) -> None:
    await put_raw(bus_settings, DEAD, b"{}")
    async with await aio_pika.connect(bus_settings.rabbitmq_url) as connection:
        queue = await (await connection.channel()).get_queue(DEAD, ensure=False)
        for _ in range(DELIVERY_LIMIT + 5):
            letter = await queue.get(timeout=5)
            assert letter is not None
            await letter.nack(requeue=True)
    await eventually(lambda: _is(bus_settings, DEAD, 1))


def test_limits_leave_room_for_restarts() -> None:
    """Interrupted restarts use up the broker's limit of innocent messages; ours counts real failures."""
    assert DELIVERY_LIMIT >= 20
    assert all(queue.prefetch <= 5 for queue in QUEUES)
    assert all(1 < queue.attempts < DELIVERY_LIMIT for queue in QUEUES)
    assert list(RETRY_SECONDS) == sorted(RETRY_SECONDS)


async def _is(settings: BusSettings, queue: str, count: int) -> bool:
    return await depth(settings, queue) == count
