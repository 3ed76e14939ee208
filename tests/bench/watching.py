"""What the services have done so far, and waiting until they are done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import aio_pika
import asyncpg
import httpx

from contracts.topology import QUEUES, queue_named
from deploy.demo.stack import Stack
from libs.testing.waiting import eventually

PATIENCE = 300.0
_HANDLED = re.compile(
    r'^tidemark_messages_handled_total\{outcome="(\w+)",queue="([\w.]+)"\} ([\d.e+]+)$', re.MULTILINE
)
_WITHOUT_QUEUES = {"gateway"}

Handled = Counter[tuple[str, str]]
"""Deliveries by (queue, outcome), since the services started."""


@dataclass(frozen=True)
class Account:
    """A client of the benchmark; its files lie under ``prefix``."""

    id: int
    public_id: UUID
    prefix: str


@dataclass(frozen=True)
class Standing:
    """How many runs of a client ended well, and how often its figures were summed up."""

    runs: int
    version: int


class Watch:
    """Looks at a stack from outside: its tables, its queues, what its processes say of themselves."""

    def __init__(
        self,
        stack: Stack,
        owner: asyncpg.Connection[asyncpg.Record],
        broker: aio_pika.abc.AbstractChannel,
        http: httpx.AsyncClient,
    ) -> None:
        self._stack, self._owner, self._broker, self._http = stack, owner, broker, http
        self._said: dict[str, str] = {}
        self.silent: set[str] = set()
        """Processes that stand still: what they said last holds."""

    async def until_ready(self, process: str) -> None:
        """Wait until one process consumes; others may stand still."""

        async def is_ready() -> bool:
            try:
                answer = await self._http.get(f"{self._stack.health(process)}/health/ready")
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        await eventually(is_ready, within=PATIENCE, what=f"read {self._stack.log_of(process)}")

    async def handled(self, *services: str) -> Handled:
        """What these services (all of them where none is named) have handled, all processes of each."""
        counts: Handled = Counter()
        for name in self._stack.processes:
            service = name.split()[0]
            if service in _WITHOUT_QUEUES or (services and service not in services):
                continue
            if name not in self.silent:
                self._said[name] = (await self._http.get(f"{self._stack.url(name)}/metrics/")).text
            for outcome, queue, count in _HANDLED.findall(self._said[name]):
                counts[queue, outcome] += int(float(count))
        return counts

    async def until_handled(self, before: Handled, wanted: Mapping[str, int], *, every: float = 0.02) -> None:
        """Wait until so many messages more than before were handled, and nothing waits any more."""
        services = {queue_named(name).service for name in wanted}

        async def done() -> bool:
            counts = await self.handled(*services)
            return all(
                counts[queue, "handled"] - before[queue, "handled"] >= count
                for queue, count in wanted.items()
            )

        await eventually(done, within=PATIENCE, every=every, what=f"handled: {wanted}")
        await eventually(self._is_quiet, within=PATIENCE, every=every, what="outbox and queues empty")

    async def standing(self, account: Account) -> Standing:
        """Raises AssertionError when a run of the client ended badly."""
        row = await self._owner.fetchrow(
            "SELECT count(*) FILTER (WHERE status IN ('loaded', 'unchanged')) AS well, "
            "count(*) FILTER (WHERE status NOT IN ('loaded', 'unchanged', 'running')) AS badly, "
            "(SELECT coalesce(max(version), 0) FROM data_versions WHERE client_id = $1) AS version "
            "FROM ingestion_logs WHERE client_id = $1",
            account.id,
        )
        assert row is not None
        assert row["badly"] == 0, f"{row['badly']} runs of {account.prefix} did not end well"
        return Standing(row["well"], row["version"])

    async def until_loaded(
        self, account: Account, before: Standing, runs: int, *, every: float = 0.05
    ) -> None:
        """Wait until so many runs more ended well."""

        async def loaded() -> bool:
            return (await self.standing(account)).runs >= before.runs + runs

        await eventually(loaded, within=PATIENCE, every=every, what=f"{runs} runs of {account.prefix}")

    async def until_summed_up(
        self, account: Account, before: Standing, runs: int, *, every: float = 0.05
    ) -> None:
        """Wait until each of so many runs more was summed up."""

        async def summed() -> bool:
            return (await self.standing(account)).version >= before.version + runs

        what = f"the figures after {runs} runs of {account.prefix}"
        await eventually(summed, within=PATIENCE, every=every, what=what)

    async def _is_quiet(self) -> bool:
        if await self._owner.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            return False
        running = {name.split()[0] for name in self._stack.processes} - {
            name.split()[0] for name in self.silent
        }
        return not any([await self._waiting(queue.name) for queue in QUEUES if queue.service in running])

    async def _waiting(self, name: str) -> int:
        queue = await self._broker.declare_queue(name, passive=True)
        return queue.declaration_result.message_count or 0

    async def size_megabytes(self, table: str) -> float:
        """Of a table with its indexes and everything stored beside it."""
        found = await self._owner.fetchval("SELECT pg_total_relation_size($1::text::regclass)", table)
        return float(found / 1_000_000)
