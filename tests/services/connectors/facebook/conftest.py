"""A Facebook connector on real servers, with people who upload."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from contracts.topology import Queue
from deploy.local.ports import free_ports
from deploy.world import facebook_exports as exports
from deploy.world.totals import Totals
from libs.auth import AccessClaims, Tokens
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.vhosts import queues_around
from libs.testing.waiting import eventually
from services.connectors.facebook.main import create_app
from services.connectors.facebook.settings import FacebookSettings
from services.loader.main import create_app as create_loader
from services.loader.settings import LoaderSettings
from tests.connectors.base import Kind
from tests.connectors.harness import Ears, Records, publish, quiet, records, running
from tests.simulators.buckets import Buckets, buckets
from tests.simulators.s3_faults import Fault, FaultyStore

__all__ = ["buckets", "records"]

NOON = datetime(2025, 11, 6, 17, 30, tzinfo=UTC)
KEY = "a key that only these tests know, 32 bytes or more"


@dataclass
class Facebook:
    """The connector, its surroundings, its users (admin, nina of Acme, sam of Umbra)."""

    settings: FacebookSettings
    database: Database
    buckets: Buckets
    proxy: FaultyStore
    records: Records
    bus: BusSettings
    port: int
    acme: UUID
    umbra: UUID
    people: dict[str, tuple[UUID, UUID]]
    """name → user, session"""
    ears_: Ears | None = None
    now: datetime = NOON
    module: str = "services.connectors.facebook.main"
    pull_queue: str = "facebook.uploads"
    app: FastAPI | None = None
    delivered: dict[date, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def ears(self) -> Ears:
        assert self.ears_ is not None
        return self.ears_

    @asynccontextmanager
    async def started(self, **changes: Any) -> AsyncIterator[None]:
        self.app = create_app(self.settings.model_copy(update=changes), lambda: self.now)
        async with running(self.app):
            yield
        self.app = None

    @asynccontextmanager
    async def loader(self) -> AsyncIterator[None]:
        """The real one, instead of ears."""
        settings = LoaderSettings(
            **self.bus.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
            database_url=self.database.url_of("loader"),
            graceful_timeout=10,
        )
        async with running(create_loader(settings)):
            yield

    def environment(self) -> dict[str, str]:
        own = self.settings
        names = {"database_url", "rabbitmq_url", "s3_endpoint_url", "raw_bucket_name", "upload_check_seconds"}
        values = own.model_dump(include=names) | {"work_dir": own.work_dir, "secret_key": KEY}
        values |= {"aws_access_key_id": "local", "aws_secret_access_key": "local", "port": self.port}
        return {
            **{name.upper(): str(value) for name, value in values.items()},
            "RETRY_SECONDS": str(list(own.retry_seconds)),
        }

    def token(self, who: str) -> str:
        user, session = self.people[who]
        claims = AccessClaims(user, f"{who}@agency.example", "admin" if who == "admin" else "client", session)
        return Tokens(KEY).issue(claims)

    def http(self, who: str | None = "admin") -> httpx.AsyncClient:
        """A client of the running service, in this process or of its own."""
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False) if self.app else None
        base = f"http://127.0.0.1:{self.port}/api/v1/facebook"
        return httpx.AsyncClient(transport=transport, base_url=base, headers=headers, timeout=90)

    async def send(
        self,
        body: bytes,
        *,
        who: str | None = "nina",
        name: str = "export.csv",
        key: str | None = None,
        **fields: Any,
    ) -> httpx.Response:
        """Upload a file; client_id is Acme's unless it is said; None: it is left out."""
        given = {"client_id": self.acme, **fields}
        data = {key: str(value) for key, value in given.items() if value is not None}
        async with self.http(who) as http:
            headers = {"Idempotency-Key": key} if key else {}
            return await http.post("/upload", files={"file": (name, body)}, data=data, headers=headers)

    async def accepted(self, body: bytes, **fields: Any) -> dict[str, Any]:
        answer = await self.send(body, **fields)
        assert answer.status_code == 202, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def get(self, path: str, *, who: str | None = "nina", **params: Any) -> httpx.Response:
        async with self.http(who) as http:
            return await http.get(path, params=params)

    async def done(self, upload_id: str) -> dict[str, Any]:
        """The details of an upload that has ended."""

        async def over() -> dict[str, Any] | None:
            found: dict[str, Any] = (await self.get(f"/uploads/{upload_id}", who="admin")).json()
            return found if found["status"] in ("completed", "failed") else None

        found = await eventually(over, within=40, what=f"upload {upload_id} is over")
        assert found is not None
        return found

    async def facts(self) -> list[tuple[Any, ...]]:
        rows = await self.records.fetch(
            "SELECT date, campaign_name, strategy_name, placement_name, creative_name, impressions, clicks, "
            "conversions, conversion_revenue, media_cost FROM daily_metrics_flat ORDER BY 1, 2, 3, 4, 5"
        )
        return [tuple(row) for row in rows]

    async def deliver(self, day: date, kind: Kind) -> Totals:
        ads = 30_000 if kind == "large" else 6
        made = exports.export([day], ads=ads, seed=8 if kind == "restated" else 7)
        table, totals = made.table(), made.totals
        if kind == "empty":
            table = table[:1]
        elif kind == "drifted":
            table = exports.renamed(table, "Link clicks", "Taps")
        body = b"PK\x03\x04" + bytes(1000) if kind == "hostile" else exports.csv_bytes(table)
        self.delivered[day] = (f"{kind}-{day}.csv", body)
        return totals

    async def trigger(self, day: date) -> None:
        """Somebody uploads what there is for a day; twice the same is refused."""
        if self.app is None:
            await eventually(self._answers, within=30, what="the service answers")
        name, body = self.delivered[day]
        answer = await self.send(body, name=name, on_duplicate="replace")
        assert answer.status_code in (202, 409), answer.text

    async def _answers(self) -> bool:
        try:
            async with httpx.AsyncClient() as http:
                live = await http.get(f"http://127.0.0.1:{self.port}/health/ready")
                return live.status_code == 200
        except httpx.TransportError:
            return False

    async def ready(self) -> None:
        """Wait for the service as a process of its own."""
        await eventually(self._answers, within=30, what="the service answers")

    async def throttle(self, times: int) -> None:
        self.proxy.faults.append(Fault("slow_down", times))

    async def raw(self, bucket: str, key: str) -> bytes:
        return await self.buckets.body(bucket, key)

    async def quiet(self) -> None:
        await quiet(self.bus, self.records, self.pull_queue)

    async def reload(self, **body: Any) -> None:
        await publish(self.bus, "reload.requested.facebook", body)


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """The connector's, and the loader's, which some tests run."""
    return queues_around("facebook", "loader")


@pytest.fixture
async def make(
    database: Database,
    records: Records,
    bus_settings: BusSettings,
    buckets: Buckets,
    tmp_path: Path,
) -> AsyncIterator[Callable[[], Facebook]]:
    endpoint = buckets.settings.s3_endpoint_url
    assert endpoint is not None
    people = {name: await person(records, name) for name in ("admin", "nina", "sam")}
    acme = await records.client("Acme Outdoor", "facebook")
    umbra = await records.client("Umbra", "facebook")
    for name, client in (("nina", acme), ("sam", umbra)):
        await records.fetch("UPDATE clients SET user_id = $1 WHERE public_id = $2", people[name][0], client)
    async with FaultyStore(endpoint.rstrip("/")).serving() as proxy:
        settings = FacebookSettings(
            **{**buckets.settings.model_dump(exclude={"s3_prefix"}), "s3_endpoint_url": proxy.url},
            **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
            database_url=database.url_of("facebook"),
            graceful_timeout=10,
            publish_timeout=10,
            secret_key=KEY,
            upload_check_seconds=20,
            work_dir=tmp_path / "work",
        )
        port = free_ports("facebook")["facebook"]
        yield lambda: Facebook(
            settings, database, buckets, proxy, records, bus_settings, port, acme, umbra, people
        )
        left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
        assert left == []  # no file outlives its request or message


async def person(records: Records, name: str) -> tuple[UUID, UUID]:
    (user,) = await records.fetch(
        "INSERT INTO users (email, password_hash, role) VALUES ($1, 'none', $2) RETURNING id",
        f"{name}@agency.example",
        "admin" if name == "admin" else "client",
    )
    (session,) = await records.fetch(
        "INSERT INTO refresh_tokens (user_id, family, token_hash, expires_at) "
        "VALUES ($1, gen_random_uuid(), $2, now() + interval '1 day') RETURNING id",
        user["id"],
        name.encode(),
    )
    return UUID(str(user["id"])), UUID(str(session["id"]))


@pytest.fixture
def facebook(make: Callable[[], Facebook]) -> Facebook:
    """Nothing listens to what it publishes; start ``loader`` where it should."""
    return make()


@pytest.fixture
async def connector(make: Callable[[], Facebook], bus_settings: BusSettings) -> AsyncIterator[Facebook]:
    """With ears instead of a loader, and without a look before the answer: everything is the worker's."""
    made = make()
    made.settings = made.settings.model_copy(update={"upload_check_seconds": 0})
    async with Ears(bus_settings).open() as ears:
        made.ears_ = ears
        yield made
