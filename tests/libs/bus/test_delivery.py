"""Each trap of the broker that can happen on it, shown not to happen to us. Real RabbitMQ."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from contracts.ingest.v1 import PullRequested
from libs.bus import Delivery
from libs.bus.declare import declare
from libs.bus.headers import ATTEMPT, DIED_AFTER, DIED_IN, REASON, RETRY_OF
from libs.errors import Terminal, Transient
from libs.settings import BusSettings
from libs.testing.queues import depth, put_raw, take
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, consuming


async def test_a_message_typed_by_hand_works(bus_settings: BusSettings) -> None:
    seen: list[PullRequested] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        seen.append(message)

    async with consuming(bus_settings, pull):
        await put_raw(bus_settings, QUEUE, b'{"start_date": "2026-10-01", "end_date": "2026-10-02"}')
        await put_raw(bus_settings, QUEUE, b"{}", content_type="text/plain")

        async def both() -> bool:
            return len(seen) == 2

        await eventually(both)
    assert seen[0].start_date == date(2026, 10, 1)
    assert seen[1] == PullRequested()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"not json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"client": 5}', "client"),
        (b'["a"]', "JSON object"),
        (b'{"start_date": "2026-10-02", "end_date": "2026-10-01"}', "before"),
    ],
)
async def test_an_undecodable_body_is_dead_with_its_reason_and_the_next_is_handled(
    bus_settings: BusSettings, body: bytes, says: str
) -> None:
    handled = asyncio.Event()

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        handled.set()

    async with consuming(bus_settings, pull):
        await put_raw(bus_settings, QUEUE, body)
        await put_raw(bus_settings, QUEUE, b"{}")
        await asyncio.wait_for(handled.wait(), 20)
        await eventually(lambda: depth(bus_settings, DEAD))
    dead = await take(bus_settings, DEAD)
    assert dead.body == body
    assert says in str(dead.headers[REASON])


async def test_transient_goes_up_the_ladder_and_then_works(bus_settings: BusSettings) -> None:
    attempts: list[int] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        if delivery.attempt < 3:
            raise Transient("not yet")

    async with consuming(bus_settings, pull) as bus:
        await bus.publish(KEY, PullRequested())

        async def third() -> bool:
            return attempts[-1:] == [3]

        await eventually(third)

        async def empty() -> bool:
            return await depth(bus_settings, QUEUE) == 0

        await eventually(empty)
    assert attempts == [1, 2, 3]
    assert await depth(bus_settings, DEAD) == 0


@pytest.mark.parametrize("error", [Transient("no answer"), ValueError("no answer")])
async def test_what_never_works_dies_after_its_attempts_and_counts_anew_when_moved(
    bus_settings: BusSettings, error: Exception
) -> None:
    attempts: list[int] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        raise error

    async def once_more() -> bool:
        return len(attempts) > 8

    settings = bus_settings.model_copy(update={"retry_seconds": (0.05,)})
    await declare(settings)
    async with consuming(settings, pull) as bus:
        await bus.publish(KEY, PullRequested(), correlation_id="c")
        dead = await take(settings, DEAD)
        assert attempts == [1, 2, 3, 4, 5, 6, 7, 8]
        await put_raw(settings, QUEUE, dead.body, headers=dict(dead.headers))
        await eventually(once_more)
    assert attempts[8] == 1
    assert dead.headers[DIED_IN] == QUEUE
    assert dead.headers[DIED_AFTER] == 8
    assert "no answer" in str(dead.headers[REASON])
    assert "(gave up after 8 attempts)" in str(dead.headers[REASON])
    assert dead.correlation_id == "c"
    assert not {RETRY_OF, ATTEMPT, "x-death"} & dead.headers.keys()


async def test_terminal_dies_at_once(bus_settings: BusSettings) -> None:
    attempts: list[int] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        raise Terminal("x" * 10_000)

    async with consuming(bus_settings, pull) as bus:
        await bus.publish(KEY, PullRequested())
        await eventually(lambda: depth(bus_settings, DEAD))
    assert attempts == [1]
