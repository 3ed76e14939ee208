"""A Surfside connector on real servers, at a time that the test chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
import pytest

from contracts.topology import Queue
from deploy.world.surfside_files import ClientSpec, World
from deploy.world.surfside_large import large_file
from deploy.world.totals import Totals
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from services.connectors.surfside.main import create_app
from services.connectors.surfside.settings import SurfsideSettings
from tests.connectors.base import Kind
from tests.connectors.harness import Ears, Records, publish, quiet, records, running
from tests.simulators.buckets import Buckets, buckets
from tests.simulators.s3_faults import Fault, FaultyStore

__all__ = ["buckets", "records"]

NOON = datetime(2025, 11, 6, 17, 30, tzinfo=UTC)
"""Half an hour after the file of 5 November is due."""
ACME = ClientSpec("Acme Outdoor", "acme-outdoor")


@dataclass
class Surfside:
    """The connector, its surroundings, and a clock that stands still until it is set."""

    settings: SurfsideSettings
    buckets: Buckets
    proxy: FaultyStore
    records: Records
    ears: Ears
    bus: BusSettings
    acme: UUID
    """A client whose files are ``surfside/acme-outdoor/media-report-{date}.csv``."""
    now: datetime = NOON
    module: str = "services.connectors.surfside.main"
    pull_queue: str = "surfside.pulls"

    @asynccontextmanager
    async def started(self) -> AsyncIterator[None]:
        async with running(create_app(self.settings, lambda: self.now)):
            yield

    def environment(self) -> dict[str, str]:
        own = self.settings
        values = own.model_dump(
            include={"database_url", "rabbitmq_url", "s3_endpoint_url", "s3_bucket_name", "raw_bucket_name"}
        )
        values |= {"aws_access_key_id": "local", "aws_secret_access_key": "local", "work_dir": own.work_dir}
        return {
            **{name.upper(): str(value) for name, value in values.items()},
            "RETRY_SECONDS": str(list(own.retry_seconds)),
        }

    async def pull(self, **body: Any) -> None:
        await publish(self.bus, "pull.requested.surfside", body)

    async def reload(self, **body: Any) -> None:
        await publish(self.bus, "reload.requested.surfside", body)

    async def trigger(self, day: date) -> None:
        await self.pull(client_id=self.acme, start_date=day, end_date=day)

    async def throttle(self, times: int) -> None:
        self.proxy.faults.append(Fault("slow_down", times))

    async def pull_again(self, body: bytes) -> None:
        """As *Move messages* does it with a dead letter."""
        connection = await aio_pika.connect(self.bus.rabbitmq_url)
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(body), routing_key=self.pull_queue)

    async def deny_writing(self, times: int = 1000) -> None:
        """The next uploads are refused."""
        self.proxy.faults.append(Fault("denied", times, "PUT"))

    async def cut(self, times: int) -> None:
        """The next bodies end half-way."""
        self.proxy.faults.append(Fault("cut", times))

    async def reloads_done(self) -> None:
        await quiet(self.bus, self.records, "surfside.reloads")

    async def raw(self, bucket: str, key: str) -> bytes:
        return await self.buckets.body(bucket, key)

    async def quiet(self) -> None:
        await quiet(self.bus, self.records, self.pull_queue)

    async def deliver(self, day: date, kind: Kind) -> Totals:
        world = World(7, [ACME], [day], {(ACME.slug, day): 1} if kind == "restated" else {})
        made = world.file_for(ACME, day)
        body, totals = made.body, made.by_day[day]
        if kind == "empty":
            body = body.partition(b"\r\n")[0]
        elif kind == "drifted":
            body = body.replace(b"Clicks", b"Taps", 1)
        elif kind == "hostile":
            body = b"PK\x03\x04" + bytes(1000)
        elif kind == "large":
            large = large_file(day, creatives=30_000)
            body, totals = large.body, large.totals
        await self.buckets.put(made.key, body)
        return totals


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The connector's."""
    return queues_around("surfside")


@pytest.fixture
async def connector(
    database: Database,
    records: Records,
    bus_settings: BusSettings,
    buckets: Buckets,
    tmp_path: Path,
) -> AsyncIterator[Surfside]:
    endpoint = buckets.settings.s3_endpoint_url
    assert endpoint is not None
    acme = await records.client(
        ACME.name, bucket=buckets.reports, prefix="surfside/{client}", file_pattern=ACME.pattern
    )
    async with FaultyStore(endpoint.rstrip("/")).serving() as proxy, Ears(bus_settings).open() as ears:
        settings = SurfsideSettings(
            **{**buckets.settings.model_dump(exclude={"s3_prefix"}), "s3_endpoint_url": proxy.url},
            **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
            database_url=database.url_of("surfside"),
            graceful_timeout=10,
            publish_timeout=10,
            work_dir=tmp_path / "work",
        )
        yield Surfside(settings, buckets, proxy, records, ears, bus_settings, acme)
        left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
        assert left == []  # no file outlives its message
