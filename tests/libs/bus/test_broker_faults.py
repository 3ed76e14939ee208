"""The broker crashes, blocks, hangs or takes things away. On a broker of our own."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from contracts.ingest.v1 import PullRequested
from deploy.local import Infra, kill_broker, rabbitmqctl, start_broker, stop_broker
from libs.bus import Bus, BusUnavailable, Delivery, Refused
from libs.bus.declare import declare, management, vhost_of
from libs.settings import BusSettings
from libs.testing.queues import change_policy, consumers, delete_queue, depth, put_raw, take_all, type_message
from libs.testing.vhosts import fresh_vhost
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, Recorder, consuming
from tests.libs.bus.processes import process, said

RECOVERY_SECONDS = 30


@asynccontextmanager
async def publishing(settings: BusSettings) -> AsyncIterator[Bus]:
    bus = Bus(settings, "surfside")
    try:
        yield bus
    finally:
        await bus.stop()


async def test_confirmed_messages_survive_kill_9_and_everything_goes_on_by_itself(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    """Messages are published all the time; the broker is killed, started, stopped in order and started."""
    confirmed: set[int] = set()
    done = asyncio.Event()
    pull = Recorder()

    async def publish_all_the_time(bus: Bus) -> None:
        number = 0
        while not done.is_set():
            number += 1
            try:
                await bus.publish(KEY, PullRequested(looks=number))
            except BusUnavailable:
                await asyncio.sleep(0.05)
            else:
                confirmed.add(number)

    async def more_than(count: int) -> None:
        async def enough() -> bool:
            return len(confirmed) > count

        await eventually(enough, within=RECOVERY_SECONDS, what=f"more than {count} confirmed")

    async with publishing(fault_bus) as bus, consuming(fault_bus, pull):
        publisher = asyncio.create_task(publish_all_the_time(bus))
        await more_than(50)
        await _queue_list_is_on_disk(faulty)
        for stop in (kill_broker, stop_broker):
            await asyncio.to_thread(stop, faulty)
            await asyncio.to_thread(start_broker, faulty)
            started = time.monotonic()
            await eventually(lambda: consumers(fault_bus, QUEUE), within=RECOVERY_SECONDS)
            await more_than(len(confirmed) + 20)
            assert time.monotonic() - started < RECOVERY_SECONDS
        done.set()
        await publisher

        async def all_came() -> bool:
            return confirmed <= set(pull.looks)

        await eventually(all_came, within=RECOVERY_SECONDS, what="every confirmed message")
        assert await consumers(fault_bus, QUEUE) == 1
    assert await depth(fault_bus, DEAD) == 0


async def test_a_blocked_broker_costs_the_time_limit_and_nothing_arrives_later(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    async with publishing(fault_bus) as bus, publishing(fault_bus) as full_of_megabytes:
        await bus.publish(KEY, PullRequested(looks=1))
        await full_of_megabytes.publish(KEY, PullRequested(looks=1))
        await asyncio.to_thread(rabbitmqctl, faulty, "set_vm_memory_high_watermark", "0.0000001")
        await eventually(lambda: _alarmed(fault_bus))
        started = time.monotonic()
        results = await asyncio.gather(
            *(bus.publish(KEY, PullRequested(looks=2)) for _ in range(20)),
            *(full_of_megabytes.publish_bytes(KEY, b"{}" + b" " * 4_000_000) for _ in range(5)),
            return_exceptions=True,
        )
        assert {type(result) for result in results} == {BusUnavailable}
        assert time.monotonic() - started < fault_bus.publish_timeout + 1
        with pytest.raises(BusUnavailable):
            await bus.publish(KEY, PullRequested(looks=3))
        started = time.monotonic()
        await full_of_megabytes.stop()
        assert time.monotonic() - started < 5
        waiting = asyncio.create_task(bus.publish_bytes(KEY, b'{"looks": 4}', patience=20))
        await asyncio.to_thread(rabbitmqctl, faulty, "set_vm_memory_high_watermark", "0.6")
        await waiting
    bodies = [letter.body for letter in await take_all(fault_bus, QUEUE)]
    # What was sent before RabbitMQ said that it blocks may arrive; what came after was never sent.
    assert not [body for body in bodies if b'"looks":3' in body]
    assert b'{"looks": 4}' in bodies


async def test_workers_end_when_they_are_told_to_while_the_broker_hangs(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    """One that consumes and one that never got that far: the library's connection shrugs cancellation off."""
    pid = faulty.broker_pid
    assert pid is not None
    await put_raw(fault_bus, QUEUE, b"{}")
    async with process(fault_bus, "works") as consumer:
        await said(consumer, "end 0")
        os.kill(pid, signal.SIGSTOP)
        try:
            async with process(fault_bus, "works") as newcomer:
                await said(newcomer, "starting")
                started = time.monotonic()
                for worker in (consumer, newcomer):
                    worker.send_signal(signal.SIGTERM)
                codes = await asyncio.wait_for(asyncio.gather(consumer.wait(), newcomer.wait()), 30)
                assert time.monotonic() - started < 25
        finally:
            os.kill(pid, signal.SIGCONT)
    assert set(codes) <= {0, -signal.SIGTERM}


async def test_a_message_that_the_broker_refuses_takes_nobody_with_it(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    """RabbitMQ closes the channel over it, and with it fails whatever is being published there."""
    await asyncio.to_thread(
        rabbitmqctl, faulty, "eval", "application:set_env(rabbit, max_message_size, 30000)."
    )
    try:
        pull = Recorder()
        async with consuming(fault_bus, pull), publishing(fault_bus) as bus:
            bodies = [b'{"looks": %d}' % n + b" " * (60_000 if n % 10 == 5 else 0) for n in range(30)]
            results = await asyncio.gather(
                *(bus.publish_bytes(KEY, body) for body in bodies), return_exceptions=True
            )
            refused = [n for n, result in enumerate(results) if isinstance(result, Refused)]
            assert refused == [5, 15, 25]
            assert [result for n, result in enumerate(results) if n not in refused] == [None] * 27
            await eventually(lambda: _got(pull, set(range(30)) - {5, 15, 25}))
    finally:
        await asyncio.to_thread(
            rabbitmqctl, faulty, "eval", "application:set_env(rabbit, max_message_size, 134217728)."
        )


async def test_a_queue_deleted_under_its_consumer_is_consumed_again_once_it_is_declared(
    fault_bus: BusSettings,
) -> None:
    pull = Recorder()
    async with consuming(fault_bus, pull) as bus:
        await delete_queue(fault_bus, QUEUE)
        assert [(state.messages, state.consumers) for state in await bus.queues()] == [(0, 0)]
        await declare(fault_bus)
        await eventually(lambda: consumers(fault_bus, QUEUE), within=RECOVERY_SECONDS)
        await bus.publish(KEY, PullRequested(looks=1))
        await pull.has(1)
        assert await consumers(fault_bus, QUEUE) == 1


async def test_queues_that_come_one_by_one_get_one_consumer_each(fault_bus: BusSettings) -> None:
    """A start that fails half-way and begins again must not give a queue a second consumer."""
    queues = (QUEUE, "surfside.reloads")
    for missing in queues:
        await delete_queue(fault_bus, missing)
        bus = Bus(fault_bus, "surfside")
        for queue in queues:
            bus.subscriber(queue)(Recorder())
        await bus.start()
        other = next(queue for queue in queues if queue != missing)
        await eventually(lambda queue=other: consumers(fault_bus, queue))  # type: ignore[misc]
        await declare(fault_bus)
        await eventually(lambda queue=missing: consumers(fault_bus, queue))  # type: ignore[misc]
        assert [await consumers(fault_bus, queue) for queue in queues] == [1, 1]
        await bus.stop()


async def test_a_delivery_that_the_broker_takes_back_is_handled_again(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    """After consumer_timeout (30 minutes; here none) it closes the channel; the consumer comes back."""
    handled: list[bool] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        handled.append(True)
        if len(handled) == 1:
            async with management(fault_bus) as api:
                names = [connection["name"] for connection in (await api.get("/api/connections")).json()]
                for name in names:
                    await api.delete(f"/api/connections/{name}")
            await asyncio.Event().wait()

    async def again() -> bool:
        return len(handled) == 2

    async with consuming(fault_bus, pull):
        await eventually(lambda: _is_listed(fault_bus))
        await put_raw(fault_bus, QUEUE, b"{}")
        await eventually(again, within=RECOVERY_SECONDS)
        await eventually(lambda: _is_empty(fault_bus))
    assert await depth(fault_bus, DEAD) == 0


async def test_a_message_that_the_library_cannot_read_at_all_is_dead_in_the_end(
    fault_bus: BusSettings,
) -> None:
    """A timestamp beyond the year 9999 ends the connection, again and again; the broker's limit ends that."""
    await change_policy(fault_bus, QUEUE, delivery_limit=1)
    pull = Recorder()
    async with consuming(fault_bus, pull):
        await type_message(fault_bus, QUEUE, '{"looks": 1}', {"timestamp": 10**18})
        await eventually(lambda: depth(fault_bus, DEAD))
        await put_raw(fault_bus, QUEUE, b'{"looks": 2}')
        await pull.has(1)
    assert pull.looks == [2]


async def _queue_list_is_on_disk(infra: Infra) -> None:
    """RabbitMQ before 4.0 writes it half a second late (rabbitmq/ra#443)."""
    await asyncio.to_thread(rabbitmqctl, infra, "eval", "timer:sleep(1000).")


async def _alarmed(settings: BusSettings) -> bool:
    async with management(settings) as api:
        return (await api.get("/api/health/checks/alarms")).status_code == 503


async def _is_listed(settings: BusSettings) -> bool:
    async with management(settings) as api:
        return bool((await api.get("/api/connections")).json())


async def _is_empty(settings: BusSettings) -> bool:
    return await depth(settings, QUEUE) == 0


async def _got(pull: Recorder, wanted: set[int]) -> bool:
    return set(pull.looks) == wanted


async def test_a_virtual_host_can_be_dropped_just_after_the_broker_came_back(
    faulty: Infra, fault_bus: BusSettings
) -> None:
    """Its queues have no leaders yet: deleting one then ends RabbitMQ 3.10's dead-lettering for all."""
    await asyncio.to_thread(stop_broker, faulty)
    await asyncio.to_thread(start_broker, faulty)
    name = vhost_of(fault_bus.rabbitmq_url)
    server = fault_bus.model_copy(update={"rabbitmq_url": faulty.rabbitmq_url})
    settings = await fresh_vhost(server, name)
    await put_raw(settings, QUEUE, b"{}")
    assert await depth(settings, QUEUE) == 1
