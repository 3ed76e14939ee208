"""Messages that nobody meant: each is handled or dead with a reason, and the one after it is handled."""

from __future__ import annotations

import asyncio
from typing import Any

import zstandard

from contracts.ingest.v1 import PullRequested
from libs.bus import Delivery
from libs.bus.headers import ATTEMPT, REASON, REASON_LIMIT, RETRY_OF
from libs.errors import Terminal
from libs.settings import BusSettings
from libs.testing.queues import depth, put_raw, take_all, type_message
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, QUEUE, Recorder, consuming
from tests.libs.bus.test_compression import DAMAGED

PROPERTIES: list[dict[str, Any]] = [
    {"content_type": "text/plain"},
    {"content_type": "application/xml", "content_encoding": "gzip"},
    {"content_type": "application/json; charset=latin-1"},
    {"headers": {ATTEMPT: "many", RETRY_OF: QUEUE}},
    {"headers": {ATTEMPT: -5, RETRY_OF: QUEUE}},
    {"headers": {"x-type": {"nested": ["table"]}, "x-original-key": 5, "x-death": "no table"}},
    {"correlation_id": "c" * 255, "message_id": "", "reply_to": "nobody.listens", "type": "ü"},
    {"timestamp": 1_700_000_000_000},
    {"delivery_mode": 1, "priority": 9, "app_id": "by hand"},
]

BODIES = (
    b"",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b'{"looks": NaN}',
    b'{"looks": 1e999}',
    b'{"looks": 1} {"looks": 2}',
    b'{"client_id": "\\ud800"}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"looks": ' + b"9" * 5_000 + b"}",
    b'{"start_date": "2026-10-01\\u0000", "end_date": "2026-10-01"}',
    b"null",
    b'"a string"',
    b'{"looks": -1}',
    b'{"Looks": 1}',
    *(body for _, body in DAMAGED),
    zstandard.compress(b'{"looks": -1}'),
)

REASONS = ("x" * 100_000, "ü" * 10_000, "\ud800 lone", "line\r\nbreak\x00", "")


class PanicException(BaseException):
    """What polars raises where its Rust code panics is no Exception either."""


async def test_whatever_stands_in_the_properties_the_body_alone_counts(bus_settings: BusSettings) -> None:
    pull = Recorder()
    async with consuming(bus_settings, pull):
        for number, properties in enumerate(PROPERTIES):
            await type_message(bus_settings, QUEUE, f'{{"looks": {number}}}', properties)
        await pull.has(len(PROPERTIES))
    assert sorted(pull.looks) == list(range(len(PROPERTIES)))
    assert {delivery.attempt for delivery in pull.deliveries} == {1}
    assert await depth(bus_settings, QUEUE) == await depth(bus_settings, DEAD) == 0


async def test_a_body_that_is_no_message_dies_with_a_reason_and_stalls_nothing(
    bus_settings: BusSettings,
) -> None:
    pull = Recorder()
    async with consuming(bus_settings, pull):
        for body in BODIES:
            await put_raw(bus_settings, QUEUE, body)
        await put_raw(bus_settings, QUEUE, b'{"looks": 7}')
        await pull.has(1)
        await eventually(lambda: _dead(bus_settings, len(BODIES)))
    dead = await take_all(bus_settings, DEAD)
    assert sorted(letter.body for letter in dead) == sorted(BODIES)
    for letter in dead:
        assert str(letter.headers[REASON]).startswith("Undecodable: "), letter.body[:50]
    assert pull.looks == [7]


async def test_a_compressed_body_says_what_it_says(bus_settings: BusSettings) -> None:
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await put_raw(bus_settings, QUEUE, zstandard.compress(b'{"looks": 8}'))
        await pull.has(1)
    assert pull.looks == [8]


async def test_any_reason_fits_into_the_dead_letter(bus_settings: BusSettings) -> None:
    async def pull(message: PullRequested, delivery: Delivery) -> None:
        raise Terminal(REASONS[message.looks])

    async with consuming(bus_settings, pull):
        for number in range(len(REASONS)):
            await put_raw(bus_settings, QUEUE, b'{"looks": %d}' % number)
        await eventually(lambda: _dead(bus_settings, len(REASONS)))
    for letter in await take_all(bus_settings, DEAD):
        found = str(letter.headers[REASON])
        assert found.startswith("Terminal: ")
        assert len(found.encode()) <= REASON_LIMIT


async def test_a_handler_that_ends_in_an_unheard_of_way_is_tried_again(bus_settings: BusSettings) -> None:
    """What a library cancels from inside must not leave its message unsettled, or the queue stands still."""
    ends: list[BaseException] = [
        asyncio.CancelledError(),
        SystemExit(3),
        PanicException("index out of bounds"),
        BaseExceptionGroup("several", [SystemExit(1), ValueError()]),
        RecursionError(),
    ]
    attempts: list[tuple[int, int]] = []

    async def pull(message: PullRequested, delivery: Delivery) -> None:
        attempts.append((message.looks, delivery.attempt))
        if delivery.attempt == 1:
            raise ends[message.looks]

    async def twice_each() -> bool:
        return len(attempts) == 2 * len(ends)

    async with consuming(bus_settings, pull):
        for number in range(len(ends)):
            await put_raw(bus_settings, QUEUE, b'{"looks": %d}' % number)
        await eventually(twice_each)
    assert sorted(attempts) == [(number, attempt) for number in range(len(ends)) for attempt in (1, 2)]


async def test_one_poison_message_among_many_does_not_slow_the_others(bus_settings: BusSettings) -> None:
    pull = Recorder()
    async with consuming(bus_settings, pull):
        for number in range(60):
            await put_raw(bus_settings, QUEUE, b"poison" if number == 20 else b'{"looks": %d}' % number)
        await pull.has(59)
        await eventually(lambda: _dead(bus_settings, 1))
    assert sorted(pull.looks) == [number for number in range(60) if number != 20]
    assert [letter.body for letter in await take_all(bus_settings, DEAD)] == [b"poison"]


async def _dead(settings: BusSettings, count: int) -> bool:
    return await depth(settings, DEAD) == count
