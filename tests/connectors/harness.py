"""What a test of a connector has around it: a database, a bus with ears, the running service."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

import aio_pika
import asyncpg
import pytest
from starlette.applications import Starlette

from contracts.ingest.v1 import METRIC_COLUMNS, MetricsBatch
from contracts.topology import MESSAGES, retry_name
from deploy.world.totals import Totals
from libs.bus import Bus
from libs.bus.compression import plain
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from tests.spawned import Spawned

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[Starlette]:
    """A service's app between start and graceful stop."""
    async with app.router.lifespan_context(app):
        yield app


@dataclass
class Ears:
    """Everything that reached the queues of other services, in order."""

    settings: BusSettings
    heard: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    _channel: aio_pika.abc.AbstractChannel | None = None
    _tags: dict[str, str] = field(default_factory=dict)

    QUEUES: ClassVar = ("loader.batches", "notifier.failures", "notifier.missing", "notifier.alerts")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Ears]:
        """Listen, acknowledging everything."""
        connection = await aio_pika.connect(self.settings.rabbitmq_url)
        async with connection:
            self._channel = await connection.channel()
            for name in self.QUEUES:
                await self.unplug(name)
            yield self

    async def unplug(self, name: str) -> None:
        """Take what comes to a queue."""

        async def hear(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            self.heard[name].append(plain(message.body))
            await message.ack()

        self._tags[name] = await (await self._queue(name)).consume(hear)

    async def plug(self, name: str) -> None:
        """Leave a queue alone."""
        await (await self._queue(name)).cancel(self._tags.pop(name))

    async def depth(self, name: str) -> int:
        """Messages that wait in a queue."""
        assert self._channel is not None
        found = await self._channel.declare_queue(name, passive=True)
        return found.declaration_result.message_count or 0

    async def _queue(self, name: str) -> aio_pika.abc.AbstractQueue:
        assert self._channel is not None
        return await self._channel.get_queue(name)

    def batches(self, run_id: UUID | None = None) -> list[MetricsBatch]:
        found = [MetricsBatch.model_validate_json(body) for body in self.heard["loader.batches"]]
        return [batch for batch in found if run_id in (None, batch.run_id)]

    def failures(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.heard["notifier.failures"]]

    def missing(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.heard["notifier.missing"]]

    async def whole_run(self, *, beside: set[UUID] | None = None, within: float = 30) -> list[MetricsBatch]:
        """The batches of the next run to be complete (not one of ``beside``), by sequence."""

        async def complete() -> list[MetricsBatch]:
            runs: dict[UUID, dict[int, MetricsBatch]] = defaultdict(dict)
            for batch in self.batches():
                runs[batch.run_id][batch.sequence] = batch
            for run_id, found in runs.items():
                last = next((batch for batch in found.values() if batch.end), None)
                if last and last.end and last.end.batch_count == len(found) and run_id not in (beside or ()):
                    return [found[number] for number in sorted(found)]
            return []

        return await eventually(complete, within=within, what="a whole run on the bus")


@dataclass(frozen=True)
class RunRow:
    """A row of ingestion_logs."""

    run_id: UUID
    run_date: date | None
    status: str
    delivered_at: datetime | None
    generation: int
    rows_read: int
    rows_rejected: int
    error_code: str | None
    error: str | None
    warnings: list[dict[str, Any]]
    artifact: dict[str, Any] | None
    definitions: dict[str, str]
    reload_of: UUID | None
    resolution_status: str | None

    def warned(self, code: str) -> dict[str, Any]:
        return next(warning for warning in self.warnings if warning["code"] == code)


@dataclass
class Records:
    """The database, as its owner sees it, over one connection: making one takes longer than asking."""

    owner_url: str
    _connection: asyncpg.Connection[asyncpg.Record] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        async with self._turn:
            return list(await (await self._connected()).fetch(query, *values))

    async def execute(self, script: str) -> None:
        """Several statements."""
        async with self._turn:
            await (await self._connected()).execute(script)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection:
            await self._connection.close()

    async def _connected(self) -> asyncpg.Connection[asyncpg.Record]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.owner_url)
            for kind in ("json", "jsonb"):
                await self._connection.set_type_codec(
                    kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
                )
        return self._connection

    async def client(self, name: str, source: str = "surfside", **settings: Any) -> UUID:
        """A client that is enabled for a source."""
        (row,) = await self.fetch("INSERT INTO clients (name) VALUES ($1) RETURNING id, public_id", name)
        columns = {"enabled": True, **settings}
        names, places = ", ".join(columns), ", ".join(f"${n}" for n in range(3, len(columns) + 3))
        await self.fetch(
            f"INSERT INTO source_settings (client_id, source, {names}) VALUES ($1, $2, {places})",
            row["id"],
            source,
            *columns.values(),
        )
        return UUID(str(row["public_id"]))

    async def runs(self) -> list[RunRow]:
        names = ", ".join(RunRow.__dataclass_fields__)
        rows = await self.fetch(f"SELECT {names} FROM ingestion_logs ORDER BY run_no")
        return [RunRow(**row) for row in rows]

    async def run_in(self, *statuses: str, within: float = 20) -> RunRow:
        """The run that comes to stand in one of these statuses."""

        async def found() -> RunRow | None:
            return next((run for run in await self.runs() if run.status in statuses), None)

        run = await eventually(found, within=within, what=f"a run that is {statuses}")
        assert run is not None
        return run

    async def rejected(self) -> list[asyncpg.Record]:
        return await self.fetch("SELECT row_number, raw, reasons FROM rejected_rows ORDER BY row_number")


@pytest.fixture
async def records(database: Database) -> AsyncIterator[Records]:
    """Of the test's database."""
    found = Records(database.owner_url)
    yield found
    await found.close()


async def publish(settings: BusSettings, key: str, body: Mapping[str, Any]) -> None:
    """As somebody who types a message: to the exchange, body only."""
    bus = Bus(settings, "gateway")
    message = MESSAGES[key].model_validate(dict(body))
    await bus.publish(key, message)
    await bus.stop()


async def quiet(settings: BusSettings, records: Records, queue: str, *, rounds: int = 3) -> None:
    """Wait until everything that was asked of a queue with prefetch 1 is done, split messages included.

    Statistics of the broker are seconds old. So a marker goes through the queue, behind everything else;
    each round of splitting and announcing needs another one.
    """
    connection = await aio_pika.connect(settings.rabbitmq_url)
    async with connection:
        channel = await connection.channel()

        async def retrying() -> int:
            names = map(retry_name, settings.retry_seconds)
            counts = [(await channel.declare_queue(n, passive=True)).declaration_result for n in names]
            return sum(count.message_count or 0 for count in counts)

        async def nothing_waits() -> bool:
            return not await retrying() and not await records.fetch("SELECT 1 FROM outbox")

        for _ in range(rounds):
            await _through(channel, queue)
            await eventually(nothing_waits, within=30, what="outbox and retry queues are empty")


async def _through(channel: aio_pika.abc.AbstractChannel, queue: str) -> None:
    """A message that must die, until it has."""
    dead = await channel.declare_queue(f"{queue}.dead", passive=True)
    before = dead.declaration_result.message_count or 0
    await channel.default_exchange.publish(aio_pika.Message(MARKER), routing_key=queue)

    async def died() -> bool:
        looked = await channel.declare_queue(f"{queue}.dead", passive=True)
        return (looked.declaration_result.message_count or 0) > before

    await eventually(died, within=60, what=f"a marker is through {queue}")


MARKER = b'{"marker": true}'


async def dead_letters(settings: BusSettings, queue: str) -> list[tuple[bytes, dict[str, Any]]]:
    """What died in a queue: bodies and headers. Takes them out."""
    connection = await aio_pika.connect(settings.rabbitmq_url)
    found = []
    async with connection:
        channel = await connection.channel()
        source = await channel.get_queue(f"{queue}.dead")
        while (message := await source.get(fail=False)) is not None:
            if message.body != MARKER:
                found.append((message.body, dict(message.headers)))
            await message.ack()
    return found


def totals_of(batches: list[MetricsBatch]) -> Totals:
    """What the batches of a run add up to, by an independent reading of their bodies."""
    sums = dict.fromkeys(METRIC_COLUMNS, 0)
    grains, lines = set(), 0
    for batch in batches:
        lines += batch.row_count
        columns = batch.columns
        for name in METRIC_COLUMNS:
            sums[name] += sum(value or 0 for value in columns.get(name, []))
        for n in range(batch.row_count):
            levels = (batch.names[columns[level][n]] for level in LEVELS)
            grains.add((columns["date"][n], *levels))
    return Totals(
        lines=lines, rows=len(grains), **{k: v for k, v in sums.items() if k != "video_completions"}
    )


LEVELS = ("campaign", "strategy", "placement", "creative")


@asynccontextmanager
async def process_of(module: str, environment: Mapping[str, str]) -> AsyncIterator[Spawned]:
    """A service in a process of its own, with its settings in the environment.

    What it wrote is told at the end. It is then asked to stop, and has to do so by itself.
    """
    base = {"PATH": os.defpath, "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        process = Spawned(module, environment={**base, **environment}, folder=ROOT, log=log)
        try:
            yield process
        finally:
            try:
                await _end(process)
            finally:
                print(log.read_text(errors="replace"))


async def died(process: Spawned, within: float = 60) -> bool:
    """Whether a process was ended by kill -9, as a failpoint does it. Raises TimeoutError if it lives on."""
    return await asyncio.wait_for(process.wait(), within) == -signal.SIGKILL


async def _end(process: Spawned) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        code = await asyncio.wait_for(process.wait(), 30)
    except TimeoutError:
        process.kill()
        raise
    assert code in (0, -signal.SIGTERM), f"the service ended with {code}"
