"""Publishing: what is confirmed is kept, what is not says so, and nobody pays for another's message."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ingest.v1 import PullRequested
from libs.bus import Bus, BusUnavailable, Full, Refused, Unroutable
from libs.bus.compression import MAX_BODY_BYTES, SMALL, plain
from libs.bus.headers import shortened
from libs.bus.publisher import Publisher
from libs.errors import Terminal
from libs.settings import BusSettings
from libs.testing.queues import change_policy, delete_queue, depth, take, take_all
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, Recorder, consuming


@pytest.fixture
async def bus(bus_settings: BusSettings) -> AsyncIterator[Bus]:
    made = Bus(bus_settings, "surfside")
    yield made
    await made.stop()


async def test_published_messages_are_persistent_and_unique(bus: Bus, bus_settings: BusSettings) -> None:
    correlation_id = uuid4().hex
    await asyncio.gather(
        *(bus.publish(KEY, PullRequested(looks=n), correlation_id=correlation_id) for n in range(20))
    )
    found = await take_all(bus_settings, QUEUE)
    assert len(found) == 20
    assert {m.delivery_mode for m in found} == {aio_pika.DeliveryMode.PERSISTENT}
    assert {m.correlation_id for m in found} == {correlation_id}
    assert len({m.message_id for m in found}) == 20


async def test_a_service_publishes_only_what_the_topology_says(bus: Bus) -> None:
    with pytest.raises(Terminal, match="does not publish"):
        await bus.publish_bytes("run.loaded", b"{}")
    with pytest.raises(Terminal, match="PullRequested"):
        await bus.publish(KEY, PullRequested.__base__())  # type: ignore[misc]
    with pytest.raises(ValueError, match="belongs to loader"):
        bus.subscriber("loader.batches")
    with pytest.raises(KeyError, match=r"no queue surfside\.nothing; there are"):
        bus.subscriber("surfside.nothing")


async def test_an_unroutable_message_raises_and_its_neighbours_are_published(
    bus: Bus, bus_settings: BusSettings
) -> None:
    publisher = Publisher(bus_settings, "surfside")
    try:
        results = await asyncio.gather(
            *(
                publisher.to_topology(KEY if n else "no.such.key", b"{}", correlation_id="c", type_="t")
                for n in range(10)
            ),
            return_exceptions=True,
        )
    finally:
        await publisher.close()
    assert isinstance(results[0], Unroutable)
    assert "no.such.key" in str(results[0])
    assert results[1:] == [None] * 9
    assert await depth(bus_settings, QUEUE) == 9


async def test_a_queue_that_was_deleted_is_no_silence(bus: Bus, bus_settings: BusSettings) -> None:
    await delete_queue(bus_settings, QUEUE)
    with pytest.raises(Unroutable, match="declare the topology"):
        await bus.publish(KEY, PullRequested())


async def test_a_body_that_is_too_large_is_refused_before_it_is_sent(
    bus: Bus, bus_settings: BusSettings
) -> None:
    with pytest.raises(Refused, match="too large"):
        await bus.publish_bytes(KEY, b" " * (MAX_BODY_BYTES + 1))
    await bus.publish_bytes(KEY, b"{}" + b" " * (MAX_BODY_BYTES - 2))
    assert len(plain((await take(bus_settings, QUEUE)).body)) == MAX_BODY_BYTES


@pytest.mark.parametrize(("size", "encoding"), [(SMALL - 1, None), (SMALL, "zstd")])
async def test_a_large_body_is_compressed(
    bus: Bus, bus_settings: BusSettings, size: int, encoding: str | None
) -> None:
    body = b"{}" + b" " * (size - 2)
    await bus.publish_bytes(KEY, body)
    sent = await take(bus_settings, QUEUE)
    assert (sent.content_encoding, plain(sent.body)) == (encoding, body)
    assert (len(sent.body) < size // 10) is (encoding is not None)


@given(text=st.text(), limit=st.integers(0, 300))
def test_what_is_shortened_is_a_beginning_that_fits(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short.encode()) <= limit
    assert text.encode("utf-8", "replace").decode().startswith(short)


async def test_a_correlation_id_of_any_length_can_be_published(bus: Bus, bus_settings: BusSettings) -> None:
    """It comes from the header of a request; AMQP has room for 255 bytes."""
    for correlation_id in ("c" * 1000, "ü" * 200, "\ud800"):
        await bus.publish(KEY, PullRequested(), correlation_id=correlation_id)
    assert [len(m.correlation_id or "") for m in await take_all(bus_settings, QUEUE)] == [255, 127, 1]


async def test_a_full_queue_refuses_and_patience_waits_for_its_consumer(
    bus: Bus, bus_settings: BusSettings
) -> None:
    await change_policy(bus_settings, QUEUE, max_length_bytes=2_000)

    async def refused() -> bool:
        try:
            await bus.publish_bytes(KEY, b"{}" + b" " * 500)
        except Full:
            return True
        return False

    await eventually(refused, every=0, what="a full queue")
    confirmed = await depth(bus_settings, QUEUE)
    with pytest.raises(Full):
        await bus.publish_bytes(KEY, b"{}" + b" " * 500, patience=0.5)
    waiting = asyncio.create_task(bus.publish_bytes(KEY, b'{"looks": 9}', patience=20))
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await waiting
        await pull.has(confirmed + 1)
    assert pull.looks == [0] * confirmed + [9]


async def test_a_broker_that_is_away_is_said_at_once(bus_settings: BusSettings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = f"amqp://127.0.0.1:{taken.getsockname()[1]}/"
        bus = Bus(bus_settings.model_copy(update={"rabbitmq_url": away}), "surfside")
        started = time.monotonic()
        with pytest.raises(BusUnavailable, match="not reachable"):
            await bus.publish(KEY, PullRequested())
        await bus.stop()
    assert time.monotonic() - started < 5


async def test_a_broker_that_accepts_and_says_nothing_costs_the_time_limit_and_no_connection(
    bus_settings: BusSettings,
) -> None:
    accepted: list[asyncio.StreamWriter] = []
    ended: list[asyncio.StreamWriter] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)
        while await reader.read(1000):
            continue
        ended.append(writer)
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        mute = f"amqp://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        settings = bus_settings.model_copy(update={"rabbitmq_url": mute, "publish_timeout": 0.5})
        bus = Bus(settings, "surfside")
        started = time.monotonic()
        for _ in range(3):
            with pytest.raises(BusUnavailable, match="not confirmed in"):
                await bus.publish(KEY, PullRequested())
        assert time.monotonic() - started < 3
        await bus.stop()
        assert len(accepted) == len(ended) == 3


async def test_a_stopped_bus_publishes_nothing_and_opens_nothing(bus: Bus, bus_settings: BusSettings) -> None:
    await bus.publish(KEY, PullRequested())
    await bus.stop()
    with pytest.raises(BusUnavailable, match="stopping"):
        await bus.publish(KEY, PullRequested())
    assert await depth(bus_settings, QUEUE) == 1
    assert await depth(bus_settings, DEAD) == 0
