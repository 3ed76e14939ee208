"""The whole system as real processes, and what is needed to drive and to measure it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import aio_pika
import aioboto3
import asyncpg
import httpx

from contracts.ingest.v1 import PullRequested
from deploy.demo.stack import MODULES, Stack
from deploy.local import Infra
from deploy.local.kinds import PRIVATE
from deploy.local.ports import free_ports
from libs.bus import Bus
from libs.settings import BusSettings
from tests.bench import processes
from tests.bench.processes import Profile, Snapshot
from tests.bench.watching import Account, Handled, Watch

BUCKET = "tidemark-bench"
PULLS = "pull.requested.surfside"
SECOND_LOADER = "loader 2"
SETTINGS = {
    "ENVIRONMENT": "staging",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "9",
    "SMTP_FROM": "bench@agency.example",
    "ALERT_EMAIL": "people@agency.example",
}
"""As in production, but for mail, of which a benchmark makes none."""


@dataclass
class Phase:
    """One measured stretch. What is wanted of it is filled in at its end."""

    before: Snapshot
    handled: Handled
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


class Rig:
    """A stack of services with connections of its own to everything."""

    def __init__(self, infra: Infra, stack: Stack, owner: asyncpg.Connection[asyncpg.Record]) -> None:
        self.infra, self.stack, self.owner = infra, stack, owner
        self.bus: Bus
        self.watch: Watch
        self.s3: Any = None
        self.disturbed: list[float] = []
        """Share of the machine that others used, by phase."""
        self._reading_peak = 0.0

    @classmethod
    @asynccontextmanager
    async def open(cls, infra: Infra, stack: Stack | None = None) -> AsyncIterator[Self]:
        """Services are started by ``start``. Without a (prepared) stack: a new database and virtual host."""
        if stack is None:
            stack = Stack(infra, "bench", extra=SETTINGS)
            await stack.prepare()
        async with AsyncExitStack() as closing:
            owner = await asyncpg.connect(stack.owner_url)
            closing.push_async_callback(owner.close)
            rig = cls(infra, stack, owner)
            closing.callback(stack.stop)
            rig.bus = Bus(BusSettings(rabbitmq_url=stack.rabbitmq_url), "console")
            closing.push_async_callback(rig.bus.stop)
            link = await aio_pika.connect(stack.rabbitmq_url)
            closing.push_async_callback(link.close)
            http = await closing.enter_async_context(httpx.AsyncClient(timeout=10))
            rig.watch = Watch(stack, owner, await link.channel(), http)
            closing.callback(rig.go_on)
            rig.s3 = await closing.enter_async_context(object_store(infra))
            await rig.s3.create_bucket(Bucket=BUCKET)
            looking = asyncio.create_task(rig._look_at_reading_child())
            closing.callback(looking.cancel)
            yield rig

    # --- services ----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the services of the loading path and wait until they consume."""
        self.stack.start()
        await self.stack.ready()

    async def start_second_loader(self) -> None:
        """Another process of the same service."""
        self.stack.ports[SECOND_LOADER] = free_ports("port")["port"]
        environment = self.stack.environment("loader") | {"PORT": str(self.stack.ports[SECOND_LOADER])}
        with self.stack.log_of(SECOND_LOADER).open("ab") as log:
            self.stack.processes[SECOND_LOADER] = subprocess.Popen(  # noqa: ASYNC220 - it is only started here
                [sys.executable, "-m", MODULES["loader"]],
                env=environment,
                cwd=self.infra.root,
                stdout=log,
                stderr=log,
            )
        await self.watch.until_ready(SECOND_LOADER)

    def stop_second_loader(self) -> None:
        """In order."""
        process = self.stack.processes.pop(SECOND_LOADER)
        process.terminate()
        process.wait(60)

    async def pause(self, *services: str) -> None:
        """Services stand still and their messages wait; for less than a heartbeat (60 s)."""
        await self.watch.handled()  # what they say of themselves until they go on
        for name in services:
            os.kill(self.stack.processes[name].pid, signal.SIGSTOP)
            self.watch.silent.add(name)

    def go_on(self, *services: str) -> None:
        """Let them go on; all that stand still where none is named."""
        for name in services or tuple(self.watch.silent):
            os.kill(self.stack.processes[name].pid, signal.SIGCONT)
            self.watch.silent.discard(name)

    # --- clients and deliveries --------------------------------------------------------------------------

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

    # --- measuring ---------------------------------------------------------------------------------------

    async def clear_up(self) -> None:
        """Do what autovacuum has to do after earlier phases: it is not the next one's account."""
        await self.owner.execute("VACUUM (ANALYZE)")

    @asynccontextmanager
    async def phase(self, title: str, *, aloud: bool = True) -> AsyncIterator[Phase]:
        """Measure what happens in the block, which waits for its own end; ``aloud`` prints the profile."""
        await self.owner.execute("CHECKPOINT")  # what earlier phases left is not this one's account
        handled = await self.watch.handled()
        self._forget_peaks()
        phase = Phase(self.snapshot(), handled)
        yield phase
        phase.profile = processes.between(phase.before, self.snapshot())
        phase.peaks = self._peaks()
        self.disturbed.append(phase.profile.disturbed)
        if aloud:
            print(f"\n{title}")
            phase.profile.print()
            print("  peak MB: " + " · ".join(f"{name} {peak:.0f}" for name, peak in phase.peaks.items()))
        await self._say_what_is_odd(phase)

    async def _say_what_is_odd(self, phase: Phase) -> None:
        odd = {
            f"{queue} {outcome}": count - phase.handled[queue, outcome]
            for (queue, outcome), count in (await self.watch.handled()).items()
            if outcome != "handled" and count > phase.handled[queue, outcome]
        }
        if odd:
            print(f"  NOT SMOOTH: {odd}: a message was tried again, which takes ten seconds each")

    def snapshot(self) -> Snapshot:
        """Counters of everything that belongs to the benchmark."""
        named = {name: [process.pid] for name, process in self.stack.processes.items()}
        named["benchmark itself"] = [os.getpid()]
        named[processes.READING] = self._reading()
        if self.infra.broker_pid is not None:
            named["broker"] = [self.infra.broker_pid]
        store = self.infra.servers.get("object_store")
        if store is not None and (pid := PRIVATE["object_store"].pid(store)) is not None:
            named["object store"] = [pid]
        return processes.snapshot(named, self.infra.postgres_pid)

    def _peaks(self) -> dict[str, float]:
        found = {
            name: peak
            for name, process in self.stack.processes.items()
            if (peak := processes.peak_megabytes(process.pid)) is not None
        }
        return found | ({processes.READING: self._reading_peak} if self._reading_peak else {})

    def _forget_peaks(self) -> None:
        self._reading_peak = 0.0
        for pid in [*(process.pid for process in self.stack.processes.values()), *self._reading()]:
            processes.forget_peak(pid)

    def _reading(self) -> list[int]:
        connector = self.stack.processes.get("surfside")
        return processes.children_of(connector.pid) if connector else []

    async def _look_at_reading_child(self) -> None:
        """The child that reads a file may be gone with it: its peak is looked at while it is there."""
        while True:
            await asyncio.sleep(0.05)
            for child in self._reading():
                self._reading_peak = max(self._reading_peak, processes.peak_megabytes(child) or 0.0)


def folder_of(infra: Infra) -> Path:
    """Where figures are written."""
    return infra.root / ".local" / "bench"


@asynccontextmanager
async def object_store(infra: Infra) -> AsyncIterator[Any]:
    """A client of it, with the credentials that were given."""
    given = infra.environment()
    session = aioboto3.Session(
        given.get("AWS_ACCESS_KEY_ID"),
        given.get("AWS_SECRET_ACCESS_KEY"),
        region_name=given.get("AWS_REGION", "us-east-1"),
    )
    async with session.client("s3", endpoint_url=infra.s3_endpoint_url or None) as client:
        yield client
