"""A Vibe connector on real servers before a simulated Vibe; its clock runs as fast as the test likes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cryptography.fernet import Fernet

from contracts.ingest.v1 import PullRequested
from contracts.topology import Queue
from deploy.world.totals import Totals
from deploy.world.vibe_reports import vibe_report
from libs.auth.sealing import Sealer
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from libs.testing.waiting import eventually
from services.connectors.vibe.main import create_app
from services.connectors.vibe.settings import VibeSettings
from tests.connectors.base import DAY, Kind
from tests.connectors.harness import Ears, Records, publish, quiet, records, running
from tests.simulators.buckets import Buckets, buckets
from tests.simulators.vibe import VibeSimulator

__all__ = ["buckets", "records"]

NOON = datetime(2025, 11, 6, 12, tzinfo=UTC)
ADVERTISER = "adv-acme"
API_KEY = "canary-key-2f6d1b"
OAUTH = ("client-7", "canary-secret-91ab3c")
SEALING_KEY = Fernet.generate_key().decode()


@dataclass
class Clock:
    """Runs ``speed`` times as fast as the wall's, from noon on; ``ahead``: what was skipped."""

    speed: float = 100
    ahead: timedelta = timedelta()
    _began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return NOON + self.ahead + timedelta(seconds=(time.monotonic() - self._began) * self.speed)


@dataclass
class Vibe:
    """The connector and its surroundings."""

    settings: VibeSettings
    buckets: Buckets
    api: VibeSimulator
    records: Records
    ears: Ears
    bus: BusSettings
    acme: UUID
    clock: Clock
    contents: dict[date, bytes] = field(default_factory=dict)
    """What a report that ends on a day holds; without an entry, what the simulator makes up."""
    module: str = "services.connectors.vibe.main"
    pull_queue: str = "vibe.pulls"

    def content(self, advertiser: str, start: date, end: date) -> bytes:
        return self.contents.get(end) or vibe_report(advertiser, start, end).body

    @asynccontextmanager
    async def started(self, **changes: Any) -> AsyncIterator[None]:
        settings = self.settings.model_copy(update=changes)
        async with running(create_app(settings, self.clock)):
            yield

    def environment(self) -> dict[str, str]:
        """For a process, whose clock is the wall's: a look every third of a second."""
        own = self.settings
        values = own.model_dump(
            include={
                *("database_url", "rabbitmq_url", "s3_endpoint_url", "raw_bucket_name", "work_dir"),
                *("vibe_profile", "vibe_api_base_url", "vibe_download_hosts", "vibe_rate_limit"),
            }
        )
        values |= {"aws_access_key_id": "local", "aws_secret_access_key": "local", "vibe_poll_seconds": 0.3}
        for name in ("vibe_api_key", "vibe_client_secret", "encryption_key"):
            secret = getattr(own, name)
            values[name] = secret.get_secret_value() if secret else ""
        values["vibe_client_id"] = own.vibe_client_id
        return {
            **{name.upper(): str(value) for name, value in values.items() if value is not None},
            "RETRY_SECONDS": str(list(own.retry_seconds)),
        }

    async def pull(self, **body: Any) -> None:
        await publish(self.bus, "pull.requested.vibe", body)

    async def trigger(self, day: date) -> None:
        # As if it had been checked already: processes have the wall's clock, for which it is long past.
        body = PullRequested(client_id=self.acme, start_date=day, end_date=day, looks=1)
        await self.pull(**body.model_dump())

    async def throttle(self, times: int) -> None:
        self.api.fail("create", "throttle", times, retry_after="1")

    async def raw(self, bucket: str, key: str) -> bytes:
        return await self.buckets.body(bucket, key)

    async def quiet(self) -> None:
        """Nothing is under way: nothing waits, and no report is to be looked at."""
        await quiet(self.bus, self.records, "vibe.pulls")
        await quiet(self.bus, self.records, "vibe.polls", rounds=2)

    async def requests(self) -> list[asyncpg.Record]:
        return await self.records.fetch("SELECT * FROM vibe_report_requests ORDER BY requested_at, id")

    async def request_in(self, *statuses: str, within: float = 20) -> asyncpg.Record:
        """The first request that comes to stand in one of these statuses."""

        async def found() -> asyncpg.Record | None:
            return next((row for row in await self.requests() if row["status"] in statuses), None)

        row = await eventually(found, within=within, what=f"a request that is {statuses}")
        assert row is not None
        return row

    async def deliver(self, day: date, kind: Kind) -> Totals:
        report = vibe_report(
            ADVERTISER,
            day,
            day,
            revision=1 if kind == "restated" else 0,
            creatives=4_000 if kind == "large" else 3,
        )
        body = report.body
        if kind == "empty":
            body = body.partition(b"\n")[0] + b"\n"
        elif kind == "drifted":
            body = body.replace(b",creative_name,", b",Spot Title,", 1)
        elif kind == "hostile":
            body = b"PK\x03\x04" + bytes(1000) + b"\n"
        self.contents[day] = body
        return report.totals

    async def credentials(self, client: UUID, *, advertiser: str, api_key: str = "", **oauth: str) -> None:
        """A client's own, as the gateway stores them."""
        seal = Sealer(SEALING_KEY).seal
        await self.records.fetch(
            "INSERT INTO vibe_credentials (client_id, api_key, oauth_id, oauth_secret, advertiser_id) "
            "SELECT id, $2, $3, $4, $5 FROM clients WHERE public_id = $1",
            client,
            seal(api_key) if api_key else None,
            oauth.get("oauth_id"),
            seal(oauth["oauth_secret"]) if oauth else None,
            advertiser,
        )


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The connector's."""
    return queues_around("vibe")


@pytest.fixture
async def connector(
    database: Database,
    records: Records,
    bus_settings: BusSettings,
    buckets: Buckets,
    tmp_path: Path,
) -> AsyncIterator[Vibe]:
    acme = await records.client("Acme Outdoor", "vibe", advertiser_id=ADVERTISER)
    clock = Clock()
    simulator = VibeSimulator(now=clock, api_keys={API_KEY}, oauth=dict([OAUTH]), ready_after=40)
    async with simulator.serving() as api, Ears(bus_settings).open() as ears:
        settings = VibeSettings(
            **buckets.settings.model_dump(exclude={"s3_prefix"}),
            **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
            database_url=database.url_of("vibe"),
            graceful_timeout=10,
            publish_timeout=10,
            work_dir=tmp_path / "work",
            encryption_key=SEALING_KEY,
            vibe_client_id=OAUTH[0],
            vibe_client_secret=OAUTH[1],
            vibe_api_base_url=api.url,
            vibe_download_hosts=api.host,
        )
        made = Vibe(settings, buckets, api, records, ears, bus_settings, acme, clock)
        api.content = made.content
        yield made
        left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
        assert left == []  # no file outlives its message


__all__ += ["DAY"]
