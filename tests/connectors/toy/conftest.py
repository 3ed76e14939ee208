"""The toy connector on real servers: PostgreSQL, RabbitMQ, the raw archive's S3, and its web server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.topology import Queue
from deploy.world.surfside_files import ClientSpec, World
from deploy.world.surfside_large import large_file
from deploy.world.surfside_layouts import as_csv
from deploy.world.totals import Totals, totals_of
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from tests.connectors.base import Kind
from tests.connectors.harness import Ears, Records, publish, quiet, records, running
from tests.connectors.toy.main import create_app
from tests.connectors.toy.server import WebServer
from tests.connectors.toy.settings import ToySettings
from tests.simulators.buckets import Buckets, buckets

__all__ = ["buckets", "records"]

NOON = datetime(2025, 11, 6, 17, 30, tzinfo=UTC)
ACME = ClientSpec("Acme Outdoor", "acme")
TITLES = b"Day,Campaign,Line,Site,Ad,Views,Clicks,Orders,Sales"


@dataclass
class Toy:
    """A Subject of tests/connectors/base.py."""

    settings: ToySettings
    buckets: Buckets
    server: WebServer
    records: Records
    ears: Ears
    bus: BusSettings
    acme: UUID
    now: datetime = NOON
    module: str = "tests.connectors.toy.main"
    pull_queue: str = "surfside.pulls"

    @asynccontextmanager
    async def started(self) -> AsyncIterator[None]:
        async with running(create_app(self.settings, lambda: self.now)):
            yield

    def environment(self) -> dict[str, str]:
        names = {"database_url", "rabbitmq_url", "s3_endpoint_url", "raw_bucket_name", "toy_base_url"}
        values = self.settings.model_dump(include=names) | {"work_dir": self.settings.work_dir}
        values |= {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return {
            **{name.upper(): str(value) for name, value in values.items()},
            "RETRY_SECONDS": str(list(self.settings.retry_seconds)),
        }

    async def pull(self, **body: Any) -> None:
        await publish(self.bus, "pull.requested.surfside", body)

    async def trigger(self, day: date) -> None:
        await self.pull(client_id=self.acme, start_date=day, end_date=day)

    async def throttle(self, times: int) -> None:
        self.server.refusals += [429] * times

    async def raw(self, bucket: str, key: str) -> bytes:
        return await self.buckets.body(bucket, key)

    async def quiet(self) -> None:
        await quiet(self.bus, self.records, self.pull_queue)

    async def deliver(self, day: date, kind: Kind) -> Totals:
        rows = World(7, [ACME], [day], {(ACME.slug, day): 1} if kind == "restated" else {}).rows(ACME, day)
        body, totals = as_csv(rows, "snake"), totals_of(rows)
        if kind == "large":
            large = large_file(day, creatives=30_000)
            body, totals = large.body, large.totals
        body = TITLES + b"\n" + body.partition(b"\n")[2]
        if kind == "empty":
            body = TITLES
        elif kind == "drifted":
            body = body.replace(b"Clicks", b"Taps", 1)
        elif kind == "hostile":
            body = b"PK\x03\x04" + bytes(1000)
        self.server.files[f"acme/{day}.csv"] = body, NOON.timestamp()
        return totals


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The toy stands in Surfside's place."""
    return queues_around("surfside")


@pytest.fixture
async def connector(
    database: Database,
    records: Records,
    bus_settings: BusSettings,
    buckets: Buckets,
    tmp_path: Path,
) -> AsyncIterator[Toy]:
    acme = await records.client(ACME.name, prefix="acme")
    async with WebServer().serving() as server, Ears(bus_settings).open() as ears:
        settings = ToySettings(
            **buckets.settings.model_dump(exclude={"s3_prefix"}),
            **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
            database_url=database.url_of("surfside"),
            graceful_timeout=10,
            publish_timeout=10,
            work_dir=tmp_path / "work",
            toy_base_url=server.url,
        )
        yield Toy(settings, buckets, server, records, ears, bus_settings, acme)
        left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
        assert left == []  # no file outlives its message
