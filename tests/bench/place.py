"""A database that is built once and kept, its services, and how it is made to forget.

The target says: database caches cold for the client, process warm. So PostgreSQL is restarted, its files
leave the page cache of the operating system, and the version of the client's data rises, as after a load:
nothing that the gateway knows of this client holds any more. Then another client is asked for: connections
are open again and catalogues read, but of the first client nothing was touched.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg

from deploy.demo.run import create_admin
from deploy.demo.stack import Stack
from deploy.local import Infra, InfrastructureError, start_postgres, stop_postgres
from libs.testing.waiting import eventually
from tests.bench.asking import RANGES, Asking
from tests.bench.figures import console
from tests.bench.filling import Client, Owner, clients_of, fill
from tests.bench.made import DAYS, Maker
from tests.bench.rig import SETTINGS

ROOT = Path(__file__).parents[2]
PASSWORD = "bench-" + "only" * 4
SMALL_CLIENTS = 9
FULL_ROWS, FULL_CREATIVES = 54, 150_000
"""A client-year at full volume has 54 million rows: 150,000 creatives on each of 365 days."""
_MADE_BY = (
    "services/aggregator",
    "libs/metrics",
    "libs/db/migrations",
    "tests/bench/made.py",
    "tests/bench/filling.py",
)
_BUILT = "CREATE SCHEMA IF NOT EXISTS bench; CREATE TABLE IF NOT EXISTS bench.built (note jsonb)"
WARMING = 3
_SIZE = """
    SELECT sum(pg_total_relation_size(relation)) FROM unnest($1::text[]) AS t(name), LATERAL
    (SELECT t.name::regclass UNION SELECT relid FROM pg_partition_tree(t.name::regclass)) AS r(relation)
"""


@dataclass(frozen=True)
class Size:
    """How large the largest client is: millions of rows in a year."""

    rows: float
    days: int = 0
    """Only so many newest days have rows; 0: the 13 months."""

    @property
    def name(self) -> str:
        """For a database."""
        only = f"_only{self.days}" if self.days else ""
        return f"reads_{self.rows:g}{only}".replace(".", "_")

    @property
    def ranges(self) -> dict[str, int]:
        """What is asked of it: ranges that do not go beyond its days."""
        return {name: days for name, days in RANGES.items() if days <= (self.days or DAYS)}

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.rows:g} M"

    def makers(self, last: date) -> list[Maker]:
        """The largest client, then nine with a hundredth of its rows each."""
        creatives = max(100, int(self.rows * FULL_CREATIVES / FULL_ROWS))
        small = max(20, creatives // 100)
        days = {"days": self.days} if self.days else {}
        others = [Maker(f"Small {n}", n, small, last, **days) for n in range(1, SMALL_CLIENTS + 1)]
        return [Maker("Largest", 0, creatives, last, **days), *others]


class Place:
    """A database of one size with the services on it."""

    def __init__(self, infra: Infra, stack: Stack, size: Size) -> None:
        self.infra, self.stack, self.size = infra, stack, size
        self.owner: Owner
        self.clients: list[Client] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, infra: Infra, size: Size, *services: str) -> AsyncIterator[Place]:
        """Built where it is not there yet, with these services running."""
        extra = SETTINGS | {"ACCESS_TOKEN_EXPIRE_MINUTES": "1440"}
        place = cls(infra, Stack(infra, size.name, extra=extra), size)
        await place.stack.prepare(keep=True)
        place.owner = await asyncpg.connect(place.stack.owner_url)
        try:
            await place._build()
            place.stack.start(*services)
            await place.stack.ready()
            yield place
        finally:
            place.stack.stop()
            await place.owner.close()

    @property
    def largest(self) -> Client:
        """The client that is asked about."""
        return self.clients[0]

    async def _build(self) -> None:
        await self.owner.execute(_BUILT)
        digest = _digest()
        note = json.loads(await self.owner.fetchval("SELECT note FROM bench.built") or "{}")
        if note.get("digest") != digest:
            await self._build_anew(digest)
            note = json.loads(await self.owner.fetchval("SELECT note FROM bench.built"))
        self.clients = await clients_of(self.owner, self.size.makers(date.fromisoformat(note["last"])))
        console.print(f"{self.stack.name}: built in {note['seconds']} s")

    async def _build_anew(self, digest: str) -> None:
        await self.owner.close()
        await self.stack.prepare()
        self.owner = await asyncpg.connect(self.stack.owner_url)
        last = datetime.now(UTC).date() - timedelta(days=1)
        console.print(f"{self.stack.name}: building …")
        await asyncio.to_thread(create_admin, self.stack, PASSWORD)
        seconds = await fill(self.stack, self.owner, self.size.makers(last))
        await self.owner.execute(_BUILT)
        note = {"digest": digest, "last": str(last), "seconds": seconds}
        await self.owner.execute("INSERT INTO bench.built VALUES ($1)", json.dumps(note))

    async def raise_version(self, client: Client) -> None:
        """What the gateway knows of the client does not hold any more, as after a load."""
        await self.owner.execute(
            "UPDATE data_versions SET version = version + 1 WHERE client_id = $1", client.id
        )

    async def forget(self, asking: Asking, client: Client) -> None:
        """Everything about a client is cold; the gateway is warm. Raises InfrastructureError."""
        await self.raise_version(client)
        await self.owner.close()
        await asyncio.to_thread(self._restart)
        self.owner = await asyncpg.connect(self.stack.owner_url)
        other = next(each for each in self.clients if each.id != client.id)

        async def answers() -> bool:
            return (await asking.dashboard(other, 7)).ok

        await eventually(answers, within=60, what="the gateway answers again")
        for _ in range(WARMING):
            await asking.dashboard(other, 7)

    def _restart(self) -> None:
        server = self.infra.servers.get("postgres")
        if server is None or server.origin != "private":
            raise InfrastructureError(
                "Cold caches need a PostgreSQL that can be restarted: "
                "install postgresql on this machine and unset DATABASE_URL."
            )
        stop_postgres(self.infra)
        drop_pages(server.folder / "data")
        start_postgres(self.infra)

    async def size_megabytes(self, tables: Sequence[str]) -> float:
        """Of tables with all partitions, indexes and everything stored beside them."""
        found = await self.owner.fetchval(_SIZE, list(tables))
        return float(found / 1_000_000)


def drop_pages(folder: Path) -> None:
    """The operating system forgets the contents of these files; of a server that was shut down in order."""
    for path in folder.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)


def _digest() -> str:
    """Of everything that decides what stands in a built database."""
    digest = hashlib.sha256()
    for name in _MADE_BY:
        path = ROOT / name
        files = [path] if path.is_file() else [*path.rglob("*.py"), *path.rglob("*.sql")]
        for file in sorted(files):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
