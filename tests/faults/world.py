"""A small world of real processes: a database and a virtual host of its own, and the services asked for."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from deploy.local import Infra
from deploy.local.ports import free_ports
from libs.settings import BusSettings
from libs.testing.databases import Database, drop_database, fresh_database
from libs.testing.vhosts import drop_vhost, fresh_vhost
from libs.testing.waiting import eventually
from tests.faults.files import Buckets
from tests.faults.kept import kept_database
from tests.faults.load import LOST
from tests.faults.processes import Supervised, troubles
from tests.faults.queues import Queues
from tests.faults.stillness import Stillness

ROOT = Path(__file__).parents[2]
LADDER = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds; eight attempts last 24 s, longer than any server is away in these experiments."""
MODULES = {
    "loader": "services.loader.main",
    "aggregator": "services.aggregator.main",
    "surfside": "services.connectors.surfside.main",
    "scheduler": "services.scheduler.main",
    "notifier": "services.notifier.main",
    "vibe": "tests.faults.hastened",
    "facebook": "services.connectors.facebook.main",
}
READY_WITHIN = 60.0
STILL_WITHIN = 90.0
HAPPENS_WITHIN = 60.0
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, *LOST)
"""What a server that is away makes of a question."""


@dataclass(frozen=True)
class Launch:
    """A process to start. ``failpoints``: where its first, second, … life is to end."""

    service: str
    failpoints: tuple[str, ...] = ()
    mutation: str = ""
    """What is broken in it on purpose: a name of tests.faults.mutated."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of this process alone, beside those of the world."""


@dataclass
class World:
    """Where an experiment happens."""

    infra: Infra
    database: Database
    bus: BusSettings
    folder: Path
    http: httpx.AsyncClient
    buckets: Buckets
    heartbeat: int = 60
    """Seconds after which services and broker look whether the other still lives."""
    client_ids: dict[UUID, int] = field(default_factory=dict)
    processes: list[Supervised] = field(default_factory=list)

    @property
    def services(self) -> set[str]:
        return {process.name.split("-")[0] for process in self.processes}

    @property
    def queues(self) -> Queues:
        return Queues(self.bus.rabbitmq_url, self.services, self.bus.retry_seconds)

    async def connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """As the schema's owner, who sees everything."""
        return await asyncpg.connect(self.database.owner_url, timeout=10)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        """A connection of the schema's owner, closed at the end."""
        connection = await self.connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def until(self, query: str, *arguments: object, what: str) -> None:
        """Wait until a query says true; a database that is away is asked again."""
        kept = kept_database(self.connect)

        async def holds() -> bool:
            async with kept.use() as connection:
                return bool(await connection.fetchval(query, *arguments))

        try:
            await self.despite_failures(holds, what=what)
        finally:
            await kept.close()

    async def despite_failures(self, condition: Callable[[], Awaitable[bool]], *, what: str) -> None:
        """As ``eventually``, where the servers may be away meanwhile."""

        async def tried() -> bool:
            try:
                return await condition()
            except AWAY:
                return False

        await eventually(tried, within=HAPPENS_WITHIN, what=what)

    def left_files(self) -> list[str]:
        """Temporary files beside the lock of a living process's folder."""
        found = (path for path in self.temporary.rglob("*") if path.is_file() and path.name != ".in-use")
        return [str(path.relative_to(self.temporary)) for path in found]

    async def start(self, launches: Sequence[Launch]) -> None:
        """Start these; they may not be ready yet when this returns."""
        for launch in launches:
            number = sum(launch.service in process.name for process in self.processes) + 1
            port = free_ports("http")["http"]
            module = MODULES[launch.service]
            process = Supervised(
                name=f"{launch.service}-{number}",
                module="tests.faults.mutated" if launch.mutation else module,
                arguments=[launch.mutation, module] if launch.mutation else [],
                environment={**self._environment(launch.service, port), **launch.settings},
                folder=self.folder,
                port=port,
                failpoints=launch.failpoints,
            )
            self.processes.append(process)
            await process.start()

    async def ready(self, within: float = READY_WITHIN) -> None:
        """Wait until every process says that it can work."""

        async def all_ready() -> bool:
            hopeless = [process.name for process in self.processes if len(process.own_ends) > 3]
            assert not hopeless, f"{hopeless} cannot start"
            return all([await process.ready(self.http) for process in self.processes])

        await eventually(all_ready, within=within, every=0.1, what="every service is ready")

    async def still(self, within: float = STILL_WITHIN) -> None:
        """Wait until nothing moves: no message waits or is in hand, and the outbox is empty."""
        await Stillness(self.http, self.processes, self.queues, self.connect).wait(within)

    def process(self, name: str) -> Supervised:
        """By name: ``loader-1``."""
        return next(process for process in self.processes if process.name == name)

    def troubles(self) -> str:
        """What the logs say, routine apart."""
        return "\n".join(f"  {process.name}:\n{troubles(process.log)}" for process in self.processes)

    def _environment(self, service: str, port: int) -> Mapping[str, str]:
        """Nothing of the machine's own but what a process needs to run."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            **self.infra.environment(),
            "PYTHONPATH": str(ROOT),
            # Starting takes half the time when modules need not be compiled again.
            "PYTHONPYCACHEPREFIX": str(ROOT / ".local" / "pycache"),
            "TMPDIR": str(self.temporary),
            "DATABASE_URL": self.database.url_of(service),
            "RABBITMQ_URL": f"{self.bus.rabbitmq_url}?heartbeat={self.heartbeat}",
            "RETRY_SECONDS": json.dumps(self.bus.retry_seconds),
            "PUBLISH_TIMEOUT": "10",
            "GRACEFUL_TIMEOUT": "10",
            "HOUSEKEEPING_SECONDS": "1",
            "HEAD_START_ROWS": "1",  # every run is one that would be written ahead
            "RAW_BUCKET_NAME": self.buckets.raw,
            "PORT": str(port),
        }

    @property
    def temporary(self) -> Path:
        """Where the services' temporary files are."""
        return self.folder / "tmp"


@asynccontextmanager
async def make_world(
    infra: Infra, name: str, folder: Path, ladder: tuple[float, ...] = LADDER
) -> AsyncIterator[World]:
    """An empty world; its processes, database and queues are gone afterwards."""
    server = BusSettings(
        rabbitmq_url=infra.rabbitmq_url, rabbitmq_management_url=infra.rabbitmq_management_url
    )
    database = await fresh_database(infra.database_url, name)
    bus = await fresh_vhost(server, name, ladder)
    (folder / "tmp").mkdir()
    async with httpx.AsyncClient(timeout=5) as http:
        world = World(infra, database, bus, folder, http, Buckets(infra, name))
        try:
            yield world
        finally:
            await asyncio.gather(*(process.stop() for process in world.processes))
            await world.buckets.close()
            await drop_vhost(server, name)
            await drop_database(database)
