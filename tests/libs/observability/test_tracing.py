"""Spans: nothing while they are off, whole ways through the bus while they are on; nothing waits for them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import PullRequested
from contracts.topology import Queue, queue_named
from libs.bus import Delivery, Queues, outbox
from libs.bus.outbox import Relay
from libs.db.engine import make_engine, transaction
from libs.errors import Terminal, Transient
from libs.observability import tracing
from libs.observability.statements import shape_of
from libs.settings import BusSettings, DatabaseSettings
from libs.testing.databases import Database
from libs.testing.queues import depth, put_raw, take
from libs.testing.vhosts import queues_around
from libs.testing.waiting import eventually
from tests.architecture.discovery import built_services
from tests.libs.bus.consuming import DEAD, KEY, QUEUE, SERVICE, Recorder, consuming
from tests.libs.observability.conftest import settings
from tests.libs.observability.receiver import Receiver
from tests.libs.observability.spans import Span, spans_of, way_up

ROOT = Path(__file__).parents[3]
GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """Of the service that is looked at here."""
    return queues_around(SERVICE)


@pytest.fixture
async def engine(traced: Receiver, database: Database) -> AsyncIterator[AsyncEngine]:
    """Made while traces are on."""
    made = make_engine(DatabaseSettings(database_url=database.url_of(SERVICE)), SERVICE)
    yield made
    await made.dispose()


async def arrived(receiver: Receiver, name: str, count: int = 1) -> list[Span]:
    """Spans of that name, once there are so many."""

    async def look() -> list[Span] | None:
        found = [span for span in spans_of(receiver) if span.name == name]
        return found if len(found) >= count else None

    found = await eventually(look, what=f"{count} spans {name!r}: {[s.name for s in spans_of(receiver)]}")
    assert found is not None
    return found


def test_nothing_of_it_is_imported_while_it_is_off() -> None:
    """Every service, observed with the settings that hold where none is given."""
    code = "; ".join(
        [
            "import sys, importlib",
            f"[importlib.import_module(m + '.main') for m in {sorted(built_services().values())}]",
            "from libs.observability.starting import observe, finish",
            "from libs.settings import AppSettings",
            "observe('loader', AppSettings(_env_file=None))",
            "finish()",
            "names = ('opentelemetry.sdk', 'opentelemetry.exporter', 'sentry_sdk')",
            "print([name for name in names if name in sys.modules])",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.decode().strip() == "[]"


def test_while_it_is_off_a_span_is_nothing() -> None:
    with tracing.span("work") as span, tracing.span("more work") as other:
        span.note({"a": 1})
        span.rename("b")
        span.fail("c")
        assert span is other
        assert tracing.traceparent() is None


async def test_an_outboxs_row_goes_on_with_the_trace(
    traced: Receiver, engine: AsyncEngine, bus_settings: BusSettings
) -> None:
    async def announce(message: PullRequested, _: Delivery) -> None:
        if message.looks:
            return
        async with transaction(engine) as connection:
            await outbox.put(connection, SERVICE, KEY, PullRequested(looks=1))

    async with consuming(bus_settings, announce) as bus:
        await bus.publish(KEY, PullRequested(looks=0))
        relay = Relay(engine, bus, SERVICE)
        await eventually(relay.relay_once, what="a row")
        await arrived(traced, f"process {QUEUE}", 2)
    spans = spans_of(traced)
    last = max((s for s in spans if s.name == f"process {QUEUE}"), key=lambda s: len(way_up(s, spans)))
    assert [span.name for span in way_up(last, spans)] == [
        f"process {QUEUE}",
        f"send tidemark:{KEY}",
        f"process {QUEUE}",
        f"send tidemark:{KEY}",
    ]
    assert {span.trace for span in spans} == {last.trace}, "the relay's own looks are no traces"
    (insert,) = (span for span in spans if span.name == "INSERT outbox")
    assert insert.kind == "client"
    assert insert.attributes["db.system.name"] == "postgresql"
    assert ":" not in insert.attributes["db.query.text"].split("VALUES")[0]


async def test_retries_dead_letters_and_replays_keep_it(traced: Receiver, bus_settings: BusSettings) -> None:
    attempts = []

    async def fail(_: PullRequested, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        if len(attempts) < 3:
            raise Transient("not now")
        if len(attempts) == 3:
            raise Terminal("never")

    async with consuming(bus_settings, fail) as bus:
        with tracing.span("began", "server", parent=GIVEN):
            await bus.publish(KEY, PullRequested(looks=1))
        await eventually(lambda: depth(bus_settings, DEAD), what="a dead letter")
        moved = await Queues(bus_settings, SERVICE).replay(queue_named(QUEUE), limit=None)
        assert moved.moved == 1
        found = await arrived(traced, f"process {QUEUE}", 4)
    assert [span.attributes["tidemark.attempt"] for span in found] == [1, 2, 3, 1]
    assert [span.attributes["tidemark.outcome"] for span in found] == [
        "retried",
        "retried",
        "dead",
        "handled",
    ]
    assert [span.failed for span in found] == [True, True, True, False]
    assert {span.trace for span in found} == {GIVEN.split("-")[1]}
    (sent,) = await arrived(traced, f"send tidemark:{KEY}")
    assert {span.parent for span in found} == {sent.id}


@pytest.mark.parametrize("header", ["", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "x" * 5000])
async def test_a_header_that_is_none_begins_a_trace(
    traced: Receiver, bus_settings: BusSettings, header: str
) -> None:
    recorder = Recorder()
    async with consuming(bus_settings, recorder):
        await put_raw(bus_settings, QUEUE, b'{"looks": 1}', headers={"traceparent": header})
        await recorder.has(1)
        (span,) = await arrived(traced, f"process {QUEUE}")
    assert span.parent == ""


async def test_without_traces_a_header_is_handed_on_in_dead_letters(bus_settings: BusSettings) -> None:
    async def refuse(_: PullRequested, __: Delivery) -> None:
        raise Terminal("never")

    async with consuming(bus_settings, refuse):
        await put_raw(bus_settings, QUEUE, b"{}", headers={"traceparent": GIVEN, "tracestate": "a=1"})
        await eventually(lambda: depth(bus_settings, DEAD), what="a dead letter")
    letter = await take(bus_settings, DEAD)
    assert letter is not None
    assert (letter.headers["traceparent"], letter.headers["tracestate"]) == (GIVEN, "a=1")


async def test_a_statement_that_fails_tells_its_state_and_no_value(
    traced: Receiver, engine: AsyncEngine
) -> None:
    with tracing.span("work"):
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError) as caught:
                await connection.execute(
                    text("SELECT CAST(CAST(:value AS text) AS integer) FROM clients"), {"value": "a secret"}
                )
            assert caught.value.params is not None
            assert "a secret" not in str(caught.value).replace(str(caught.value.orig), "")
    (span,) = await arrived(traced, "SELECT clients")
    assert span.failed
    assert span.attributes["error.type"] == span.attributes["db.response.status_code"] == "22P02"
    assert all(b"a secret" not in post.body for post in traced.posts)


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        ("SELECT a FROM clients c JOIN x ON true", ("SELECT", "clients")),
        ("\n insert into outbox (a) values (1)", ("INSERT", "outbox")),
        ("UPDATE users SET a = 1", ("UPDATE", "users")),
        ("SELECT set_config('a', $1, true)", ("SELECT", "")),
        ("WITH x AS (SELECT 1 FROM runs) SELECT * FROM x", ("WITH", "runs")),
        ("", ("", "")),
    ],
)
def test_a_statement_is_called_by_operation_and_table(statement: str, shape: tuple[str, str]) -> None:
    assert shape_of(statement) == shape


async def test_a_collector_that_hangs_holds_up_nothing(traced: Receiver, bus_settings: BusSettings) -> None:
    traced.answers.clear()
    recorder = Recorder()
    started = time.monotonic()
    for _ in range(10_000):
        with tracing.span("work"):
            pass
    assert time.monotonic() - started < 5
    async with consuming(bus_settings, recorder) as bus:
        await bus.publish(KEY, PullRequested(looks=1))
        await recorder.has(1)
    started = time.monotonic()
    tracing.stop()
    assert time.monotonic() - started < 6


async def test_a_collector_that_is_away_holds_up_nothing() -> None:
    tracing.start("surfside", settings(otel_exporter_otlp_endpoint="http://127.0.0.1:9"))
    with tracing.span("work") as span:
        span.note({"a": 1})
    started = time.monotonic()
    tracing.stop()
    assert time.monotonic() - started < 6


def test_a_key_for_the_collector_and_a_share_of_traces(received: Receiver) -> None:
    tracing.start(
        "surfside",
        settings(
            otel_exporter_otlp_endpoint=f"{received.url}/",
            otel_exporter_otlp_headers="x-key=one%20two, x-other=3",
            otel_traces_sampler_arg=0,
        ),
    )
    with tracing.span("left out", "server"):
        pass
    with tracing.span("kept", "server", parent=GIVEN):
        pass
    tracing.stop()
    assert [span.name for span in spans_of(received)] == ["kept"]
    assert (received.posts[0].headers["x-key"], received.posts[0].headers["x-other"]) == ("one two", "3")


async def test_a_row_of_before_has_no_trace(database: Database) -> None:
    connection = await asyncpg.connect(database.owner_url)
    found = await connection.fetchval(
        "INSERT INTO outbox (service, routing_key, body) VALUES ('surfside', 'k', '') RETURNING traceparent"
    )
    await connection.close()
    assert found is None
