"""The whole system as real processes, and what is needed to drive and to measure it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import aio_pika
import aioboto3
import asyncpg
import httpx

from contracts.ingest.v1 import PullRequested
from contracts.topology import QUEUES
from deploy.demo.stack import MODULES, Stack
from deploy.local import Infra
from deploy.local.kinds import PRIVATE
from deploy.local.ports import free_ports
from libs.bus import Bus
from libs.settings import BusSettings
from libs.testing.waiting import eventually
from tests.bench import processes
from tests.bench.processes import Profile, Snapshot

BUCKET = "tidemark-bench"
PULLS = "pull.requested.surfside"
PATIENCE = 300.0
_HANDLED = re.compile(
    r'^tidemark_messages_handled_total\{outcome="(\w+)",queue="([\w.]+)"\} ([\d.e+]+)$', re.MULTILINE
)
_SECONDS = re.compile(r'^tidemark_message_seconds_sum\{queue="([\w.]+)"\} ([\d.e+-]+)$', re.MULTILINE)


@dataclass(frozen=True)
class Account:
    """A client of the benchmark; its files lie under ``prefix``."""

    id: int
    public_id: UUID
    prefix: str


@dataclass
class Phase:
    """One measured stretch. What is wanted of it is filled in at its end."""

    before: Snapshot
    handled: Counter[tuple[str, str]]
    seconds: dict[str, float]
    profile: Profile | None = None
    peaks: dict[str, float] = field(default_factory=dict)
    """Peak resident megabytes of each service in the phase, the reading child included."""

    @property
    def seconds_so_far(self) -> float:
        """Since it began."""
        return time.monotonic() - self.before.at

    @property
    def wall(self) -> float:
        """Seconds. Raises RuntimeError inside the phase."""
        if self.profile is None:
            raise RuntimeError("the phase has not ended")
        return self.profile.wall


def built_services() -> tuple[str, ...]:
    """Services whose main module is there."""
    return tuple(name for name, module in MODULES.items() if importlib.util.find_spec(module) is not None)


class Rig:
    """A stack of services with connections of its own to everything."""

    def __init__(self, infra: Infra, stack: Stack, owner: asyncpg.Connection[asyncpg.Record]) -> None:
        self.infra = infra
        self.stack = stack
        self.owner = owner
        self.bus: Bus
        self.s3: Any = None
        self.reading_peak = 0.0
        self._paused: set[str] = set()
        self._said: dict[str, str] = {}
        self._http = httpx.AsyncClient(timeout=10)
        self._broker: aio_pika.abc.AbstractChannel

    @classmethod
    @asynccontextmanager
    async def open(cls, infra: Infra) -> AsyncIterator[Self]:
        """A new database and virtual host; services are started by ``start``."""
        stack = Stack(infra, "bench", extra={"ENVIRONMENT": "staging"})
        await stack.prepare()
        async with AsyncExitStack() as closing:
            owner = await asyncpg.connect(stack.owner_url)
            closing.push_async_callback(owner.close)
            rig = cls(infra, stack, owner)
            closing.push_async_callback(rig._http.aclose)
            closing.callback(stack.stop)
            closing.callback(rig.go_on)
            rig.bus = Bus(BusSettings(rabbitmq_url=stack.rabbitmq_url), "console")
            closing.push_async_callback(rig.bus.stop)
            link = await aio_pika.connect(stack.rabbitmq_url)
            closing.push_async_callback(link.close)
            rig._broker = await link.channel()
            rig.s3 = await closing.enter_async_context(_s3(infra))
            await rig.s3.create_bucket(Bucket=BUCKET)
            watching = asyncio.create_task(rig._watch_reading_child())
            closing.callback(watching.cancel)
            yield rig

    async def start(self, *services: str) -> None:
        """Start services and wait until they consume."""
        self.stack.start(*services)
        await self.stack.ready()

    async def start_second_loader(self) -> None:
        """Another process of the same service."""
        name = "loader 2"
        self.stack.ports[name] = free_ports("port")["port"]
        environment = self.stack.environment("loader") | {"PORT": str(self.stack.ports[name])}
        with self.stack.log_of(name).open("ab") as log:
            self.stack.processes[name] = subprocess.Popen(  # noqa: ASYNC220 - it is only started here
                [sys.executable, "-m", MODULES["loader"]],
                env=environment,
                cwd=self.infra.root,
                stdout=log,
                stderr=log,
            )
        await self.stack.ready()

    def stop(self, service: str) -> None:
        """End one process in order."""
        process = self.stack.processes.pop(service)
        process.terminate()
        process.wait(60)

    async def add_client(self, name: str) -> Account:
        """A client that is enabled for surfside, with a CPM from long ago."""
        row = await self.owner.fetchrow(
            "INSERT INTO clients (name, currency) VALUES ($1, 'USD') RETURNING id, public_id", name
        )
        assert row is not None
        await self.owner.execute(
            "INSERT INTO client_settings (client_id, cpm, currency, effective_date) "
            "VALUES ($1, 12.5, 'USD', '2020-01-01')",
            row["id"],
        )
        account = Account(row["id"], row["public_id"], f"files/{name}")
        await self.owner.execute(
            "INSERT INTO source_settings (client_id, source, enabled, bucket, prefix, file_pattern) "
            "VALUES ($1, 'surfside', true, $2, $3, 'media-report-{date}.csv')",
            account.id,
            BUCKET,
            account.prefix,
        )
        return account

    async def move_prefix(self, account: Account, prefix: str) -> Account:
        """From now on the client's files are looked for elsewhere."""
        await self.owner.execute(
            "UPDATE source_settings SET prefix = $2 WHERE client_id = $1", account.id, prefix
        )
        return Account(account.id, account.public_id, prefix)

    async def put(self, account: Account, day: date, body: bytes) -> None:
        """Deliver a file for a day."""
        key = f"{account.prefix}/media-report-{day}.csv"
        await self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    async def pull(self, account: Account, first: date, last: date) -> None:
        """Ask for these days, as the scheduler, a person or a backfill does."""
        message = PullRequested(client_id=account.public_id, start_date=first, end_date=last)
        await self.bus.publish(PULLS, message)

    # --- measuring -------------------------------------------------------------------------------------

    @asynccontextmanager
    async def phase(self, title: str) -> AsyncIterator[Phase]:
        """Measure what happens in the block, which must wait for its own end."""
        await self.owner.execute("CHECKPOINT")  # what earlier phases left is not this one's account
        handled, seconds = await self.handled()
        self._forget_peaks()
        phase = Phase(self.snapshot(), handled, seconds)
        yield phase
        phase.profile = processes.between(phase.before, self.snapshot())
        phase.peaks = self.peaks()
        await self._say(title, phase)

    async def _say(self, title: str, phase: Phase) -> None:
        assert phase.profile is not None
        print(f"\n{title}")
        phase.profile.print()
        peaks = " · ".join(f"{name} {peak:.0f}" for name, peak in phase.peaks.items())
        print(f"  peak MB: {peaks}")
        odd = {
            f"{queue} {outcome}": count - phase.handled[queue, outcome]
            for (queue, outcome), count in (await self.handled())[0].items()
            if outcome != "handled" and count > phase.handled[queue, outcome]
        }
        if odd:
            print(f"  NOT SMOOTH: {odd}: a message was tried again, which takes ten seconds each")

    def snapshot(self) -> Snapshot:
        """Counters of everything that belongs to the benchmark."""
        named = {name: [process.pid] for name, process in self.stack.processes.items()}
        named["benchmark itself"] = [os.getpid()]
        if self.infra.broker_pid is not None:
            named["broker"] = [self.infra.broker_pid]
        if (pid := self._object_store_pid()) is not None:
            named["object store"] = [pid]
        return processes.snapshot(named, self.infra.postgres_pid)

    def _object_store_pid(self) -> int | None:
        server = self.infra.servers.get("object_store")
        return PRIVATE["object_store"].pid(server) if server is not None else None

    def peaks(self) -> dict[str, float]:
        """Peak resident megabytes by service since the last phase began."""
        found = {
            name: peak
            for name, process in self.stack.processes.items()
            if (peak := processes.peak_megabytes(process.pid)) is not None
        }
        return found | ({"surfside reading child": self.reading_peak} if self.reading_peak else {})

    def _forget_peaks(self) -> None:
        self.reading_peak = 0.0
        for process in self.stack.processes.values():
            processes.forget_peak(process.pid)

    async def _watch_reading_child(self) -> None:
        """The child that reads a file is gone with the file: its peak is looked at while it is there."""
        while True:
            await asyncio.sleep(0.05)
            connector = self.stack.processes.get("surfside")
            for child in processes.children_of(connector.pid) if connector else []:
                self.reading_peak = max(self.reading_peak, processes.peak_megabytes(child) or 0.0)

    async def pause(self, *services: str) -> None:
        """Services stand still and their messages wait; for less than a heartbeat (60 s)."""
        await self.handled()  # what they say of themselves until they go on
        for name in services:
            os.kill(self.stack.processes[name].pid, signal.SIGSTOP)
            self._paused.add(name)

    def go_on(self, *services: str) -> None:
        """Let them go on; all that stand still where none is named."""
        for name in services or tuple(self._paused):
            os.kill(self.stack.processes[name].pid, signal.SIGCONT)
            self._paused.discard(name)

    # --- waiting ---------------------------------------------------------------------------------------

    async def handled(self) -> tuple[Counter[tuple[str, str]], dict[str, float]]:
        """Deliveries by (queue, outcome), and seconds spent in handlers by queue, over all processes."""
        counts: Counter[tuple[str, str]] = Counter()
        seconds: Counter[str] = Counter()
        for name in self.stack.processes:
            if name == "gateway":
                continue  # consumes nothing
            if name not in self._paused:
                self._said[name] = (await self._http.get(f"{self.stack.url(name)}/metrics/")).text
            text = self._said[name]
            for outcome, queue, count in _HANDLED.findall(text):
                counts[queue, outcome] += int(float(count))
            for queue, spent in _SECONDS.findall(text):
                seconds[queue] += float(spent)  # type: ignore[assignment]
        return counts, dict(seconds)

    async def until_handled(self, phase: Phase, wanted: Mapping[str, int], *, every: float = 0.05) -> None:
        """Wait until so many messages more were handled than at the phase's start, and nothing waits."""

        async def done() -> bool:
            counts = (await self.handled())[0]
            return all(
                counts[queue, "handled"] - phase.handled[queue, "handled"] >= count
                for queue, count in wanted.items()
            )

        await eventually(done, within=PATIENCE, every=every, what=f"handled: {wanted}")
        await eventually(self._is_quiet, within=PATIENCE, every=0.02, what="outbox and queues empty")

    async def until_count(self, queue: str, count: int) -> None:
        """Wait until so many messages of a queue were handled since its service started."""

        async def done() -> bool:
            return (await self.handled())[0][queue, "handled"] >= count

        await eventually(done, within=PATIENCE, every=0.02, what=f"{count} messages of {queue}")

    async def until_ended(self, account: Account, runs: int, *, every: float = 0.05) -> None:
        """Wait until a client has so many runs that ended well. Raises AssertionError where one did not."""

        async def ended() -> bool:
            row = await self.owner.fetchrow(
                "SELECT count(*) FILTER (WHERE status IN ('loaded', 'unchanged')) AS well, "
                "count(*) FILTER (WHERE status NOT IN ('loaded', 'unchanged', 'running')) AS badly "
                "FROM ingestion_logs WHERE client_id = $1",
                account.id,
            )
            assert row is not None
            assert row["badly"] == 0, f"{row['badly']} runs of client {account.prefix} did not end well"
            return int(row["well"]) >= runs

        await eventually(ended, within=PATIENCE, every=every, what=f"{runs} runs of {account.prefix}")

    async def runs(self, account: Account) -> int:
        """How many runs a client has."""
        found = await self.owner.fetchval(
            "SELECT count(*) FROM ingestion_logs WHERE client_id = $1", account.id
        )
        return int(found)

    async def _is_quiet(self) -> bool:
        if await self.owner.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            return False
        return not any(await self.waiting())

    async def waiting(self, *names: str) -> list[int]:
        """Messages in the queues of running services (or in these)."""
        queues = [queue.name for queue in QUEUES if queue.service in self.stack.processes]
        return [await self._ready(name) for name in names or queues]

    async def _ready(self, name: str) -> int:
        queue = await self._broker.declare_queue(name, passive=True)
        return queue.declaration_result.message_count or 0

    async def size_megabytes(self, tables: Sequence[str]) -> float:
        """Of tables with their indexes and everything stored beside them."""
        total = sum(
            [await self.owner.fetchval("SELECT pg_total_relation_size($1::regclass)", t) for t in tables]
        )
        return float(total / 1_000_000)


@asynccontextmanager
async def _s3(infra: Infra) -> AsyncIterator[Any]:
    given = infra.environment()
    session = aioboto3.Session(
        given.get("AWS_ACCESS_KEY_ID"),
        given.get("AWS_SECRET_ACCESS_KEY"),
        region_name=given.get("AWS_REGION", "us-east-1"),
    )
    async with session.client("s3", endpoint_url=infra.s3_endpoint_url or None) as client:
        yield client


def folder_of(infra: Infra) -> Path:
    """Where figures are written."""
    return infra.root / ".local" / "bench"
