"""Processes that are killed or told to stop: real ones, on the real broker."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process

from contracts.ingest.v1 import PullRequested
from contracts.topology import queue_named
from libs.bus import Bus
from libs.bus.headers import REASON
from libs.settings import BusSettings
from libs.testing.queues import change_policy, depth, move_messages, put_raw, take, take_all
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, Recorder, consuming
from tests.libs.bus.processes import process, said


async def killed(worker: Process) -> None:
    assert await asyncio.wait_for(worker.wait(), 30) == -signal.SIGKILL


async def test_a_message_that_kills_its_process_dies_with_the_brokers_reason_and_can_be_moved_back(
    bus_settings: BusSettings,
) -> None:
    await change_policy(bus_settings, QUEUE, delivery_limit=0)
    await put_raw(bus_settings, QUEUE, b'{"looks": 13}')
    async with process(bus_settings, "dies", "handler") as worker:
        await said(worker, "begin 13")
        await killed(worker)
    dead = await take(bus_settings, DEAD)
    assert dead.headers["x-first-death-reason"] == "delivery_limit"
    assert dead.headers["x-first-death-queue"] == QUEUE
    await put_raw(bus_settings, DEAD, dead.body, headers=dict(dead.headers))
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await move_messages(bus_settings, DEAD, QUEUE)
        await pull.has(1)  # what it counted before does not make it die at once
    assert pull.looks == [13]


async def test_killed_between_the_work_and_its_ack_the_message_comes_again(bus_settings: BusSettings) -> None:
    """Every handler takes a message twice."""
    await put_raw(bus_settings, QUEUE, b'{"looks": 1}')
    async with process(bus_settings, "works", "surfside.before_ack") as worker:
        await said(worker, "end 1")
        await killed(worker)
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await pull.has(1)
    assert pull.looks == [1]


async def test_killed_between_the_dead_copy_and_its_ack_there_are_two_copies_of_one_letter(
    bus_settings: BusSettings,
) -> None:
    """Copying and acking are two steps. The set of dead letters counts, not their number."""
    await put_raw(bus_settings, QUEUE, b'{"looks": 1}')
    async with process(bus_settings, "refuses", "surfside.before_ack") as worker:
        await killed(worker)
    async with process(bus_settings, "refuses"):
        await eventually(lambda: _is(bus_settings, DEAD, 2))
    letters = await take_all(bus_settings, DEAD)
    assert {(letter.body, letter.headers[REASON]) for letter in letters} == {
        (b'{"looks": 1}', "Terminal: no such bucket")
    }


async def test_killed_between_the_retry_copy_and_its_ack_nothing_is_lost(bus_settings: BusSettings) -> None:
    await put_raw(bus_settings, QUEUE, b'{"looks": 1}')
    async with process(bus_settings, "fails", "surfside.before_ack") as worker:
        await killed(worker)
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await pull.has(2)
    assert pull.looks == [1, 1]
    assert sorted(delivery.attempt for delivery in pull.deliveries) == [1, 2]


async def test_sigterm_finishes_what_is_under_way_and_takes_no_more(bus_settings: BusSettings) -> None:
    """What is given back counts towards the broker's limit: 25 restarts must not make a dead letter."""
    bus = Bus(bus_settings, "surfside")
    await asyncio.gather(*(bus.publish(KEY, PullRequested(looks=number)) for number in range(300)))
    await bus.stop()
    async with process(bus_settings, "slowly") as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        first = await asyncio.wait_for(worker.stdout.readline(), 30)
        worker.send_signal(signal.SIGTERM)
        await said(worker, "stopping")
        worker.stdin.write(b"go\n" * 300)
        assert await asyncio.wait_for(worker.wait(), 20) in (0, -signal.SIGTERM)
        told = (first + await worker.stdout.read()).decode().splitlines()
    began = {int(line.split()[1]) for line in told if line.startswith("begin ")}
    ended = {int(line.split()[1]) for line in told if line.startswith("end ")}
    assert began <= ended != set()
    rest = await take_all(bus_settings, QUEUE)
    # At most what was on its way to the consumer when it was cancelled.
    assert sum(bool(letter.redelivered) for letter in rest) <= queue_named(QUEUE).prefetch
    assert len(ended) + len(rest) == 300
    assert len(ended) < 300


async def test_a_handler_longer_than_the_graceful_time_is_interrupted_and_its_message_comes_again(
    bus_settings: BusSettings,
) -> None:
    begun, interrupted = asyncio.Event(), asyncio.Event()

    async def for_ever(message: object, delivery: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            interrupted.set()

    settings = bus_settings.model_copy(update={"graceful_timeout": 0.3})
    await put_raw(settings, QUEUE, b'{"looks": 1}')
    async with consuming(settings, for_ever):
        await asyncio.wait_for(begun.wait(), 10)
    assert interrupted.is_set()
    pull = Recorder()
    async with consuming(settings, pull):
        await pull.has(1)
    assert await depth(settings, DEAD) == 0


async def _is(settings: BusSettings, queue: str, count: int) -> bool:
    return await depth(settings, queue) == count
