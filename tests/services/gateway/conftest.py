"""The gateway on a real database with its own role, reached through ASGI."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import structlog
from cryptography.fernet import Fernet
from fastapi import FastAPI

from deploy.local import Infra
from libs.auth import AccessClaims, Hasher
from libs.observability import configure_logging
from libs.settings import BusSettings
from libs.testing.databases import Database, drop_database, fresh_database
from services.gateway.main import create_app, make_parts
from services.gateway.routes.access import Parts
from services.gateway.routes.facebook import upstream
from services.gateway.settings import GatewaySettings
from tests.services.gateway.connector import CONNECTOR, beside, of_connector
from tests.services.gateway.world import Client, World, add_client, add_user, build

KEY = "a key that only these tests know, 32 bytes or more"
NO_BROKER = "amqp://guest:guest@127.0.0.1:9/"
"""Nothing listens there: reads and requests must work all the same."""


def log_to_present_stderr(settings: GatewaySettings) -> None:
    """As configured, but to whatever stderr is when a line is written: pytest changes it for each test."""
    configure_logging("gateway", settings)
    structlog.configure(
        **{
            **structlog.get_config(),
            "cache_logger_on_first_use": False,
            "logger_factory": lambda *_: structlog.PrintLogger(sys.stderr),
        }
    )


@dataclass
class Seeded:
    """A database with the world in it."""

    database: Database
    world: World


@pytest.fixture(scope="session")
def seeded(infra: Infra, worker: str) -> Iterator[Seeded]:
    """One for all tests that only read, or whose writes disturb nobody."""

    async def make() -> Seeded:
        database = await fresh_database(infra.database_url, f"gateway_{worker}_{uuid4().hex[:6]}")
        return Seeded(database, await build(database.owner_url))

    found = asyncio.run(make())
    yield found
    asyncio.run(drop_database(found.database))


class Api:
    """A client of the API, signed in as somebody or nobody."""

    def __init__(self, app: FastAPI, world: World) -> None:
        self.app = app
        self.world = world
        self.parts: Parts = app.state.parts
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://gateway"
        )

    def token(self, name: str, role: str | None = None) -> str:
        """An access token of a user's session."""
        found = role or ("admin" if name == "admin" else "client")
        claims = AccessClaims(
            self.world.users[name], f"{name}@agency.example", found, self.world.sessions[name]
        )
        return self.parts.tokens.issue(claims)

    async def __call__(
        self, method: str, path: str, *, who: str | None = "admin", headers: Any = None, **given: Any
    ) -> httpx.Response:
        """Send a request below /api/v1."""
        sent = {**({"Authorization": f"Bearer {self.token(who)}"} if who else {}), **(headers or {})}
        return await self.http.request(method, f"/api/v1{path}", headers=sent, **given)

    async def get(self, path: str, *, who: str | None = "admin", **params: Any) -> dict[str, Any]:
        """The body of an answer that must be 200, numbers exact."""
        answer = await self("GET", path, who=who, params=params)
        assert answer.status_code == 200, answer.text
        return exact(answer)

    async def send(
        self, method: str, path: str, status: int, *, who: str | None = "admin", **given: Any
    ) -> dict[str, Any]:
        """The body of an answer that must have this status."""
        answer = await self(method, path, who=who, **given)
        assert answer.status_code == status, answer.text
        return exact(answer)


def exact(answer: httpx.Response) -> dict[str, Any]:
    """A JSON body with every number that has a point as a Decimal, digit by digit."""
    found: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
    return found


def settings_of(database: Database, rabbitmq_url: str = NO_BROKER, **more: Any) -> GatewaySettings:
    """Settings of a gateway on this database."""
    values = {"database_url": database.url_of("gateway"), "rabbitmq_url": rabbitmq_url, "secret_key": KEY}
    return GatewaySettings(_env_file=None, **{**values, **more})


Start = Callable[..., Api]


class Apps:
    """Applications to be used again: FastAPI looks at every route anew in each, which takes a second."""

    def __init__(self) -> None:
        self._idle: dict[tuple[Any, ...], list[FastAPI]] = defaultdict(list)

    def taken(self, settings: GatewaySettings) -> tuple[FastAPI, tuple[Any, ...]]:
        """One with parts of its own, as these settings make it, and under what it is given back."""
        kind = (
            settings.app_version,
            settings.environment,
            *settings.origins,
            settings.max_body_bytes,
            settings.max_upload_size,
            settings.body_seconds,
        )
        if not self._idle[kind]:
            return create_app(settings), kind
        app = self._idle[kind].pop()
        app.state.parts = make_parts(settings)
        return app, kind

    def give_back(self, app: FastAPI, kind: tuple[Any, ...]) -> None:
        """After its parts are closed."""
        self._idle[kind].append(app)


@pytest.fixture(scope="session")
def apps() -> Apps:
    return Apps()


@pytest.fixture
async def start(apps: Apps) -> AsyncIterator[Start]:
    """Starts gateways without their lifespan (no relay); closes them at the end."""
    started: list[tuple[Api, tuple[Any, ...]]] = []

    def begin(seeded: Seeded, **more: Any) -> Api:
        settings = settings_of(seeded.database, **more)
        log_to_present_stderr(settings)
        app, kind = apps.taken(settings)
        api = Api(app, seeded.world)
        started.append((api, kind))
        return api

    yield begin
    for api, kind in started:
        await api.http.aclose()
        await api.parts.uploads.aclose()
        await api.parts.engine.dispose()
        api.parts.hasher.close()
        apps.give_back(api.app, kind)


@pytest.fixture
async def api(start: Start, seeded: Seeded) -> Api:
    """The gateway on the shared world."""
    return start(seeded)


@pytest.fixture
async def desk(start: Start, seeded: Seeded) -> AsyncIterator[Api]:
    """A gateway that hashes quickly and seals, asked from an address of this test's own."""
    yield (api := at_the_desk(start(seeded, encryption_key=Fernet.generate_key().decode())))
    api.parts.hasher.close()


def at_the_desk(api: Api) -> Api:
    """The same with a quick hasher, asked from an address of its own: limits of addresses do not meet."""
    api.parts.hasher.close()
    api.parts = api.app.state.parts = replace(api.parts, hasher=Hasher(cost=4))
    number = uuid4().int
    api.http._transport.client = (f"10.{number % 250}.{number // 250 % 250}.{number // 62500 % 250}", 1)  # type: ignore[attr-defined]
    return api


@pytest.fixture(scope="session")
def uploads(seeded: Seeded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the facebook connector on the shared world answers."""
    folder = tmp_path_factory.mktemp("connector")
    with beside(CONNECTOR, folder, of_connector(seeded.database, folder, KEY)) as url:
        yield url


def with_uploads(api: Api, url: str) -> Api:
    """The same, passing uploads to the connector there."""
    api.parts = api.app.state.parts = replace(api.parts, facebook_url=url, uploads=upstream(url))
    return api


@pytest.fixture
async def owner(seeded: Seeded) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection of the schema's owner."""
    connection = await asyncpg.connect(seeded.database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def guest(seeded: Seeded, owner: asyncpg.Connection[Any]) -> Client:
    """A client of this test's own, with facts; its user has its name."""
    name = f"guest{uuid4().hex[:8]}"
    await add_user(owner, seeded.world, name, "client")
    return await add_client(owner, seeded.world, name, name)


@pytest.fixture
def broker(bus_settings: BusSettings) -> str:
    """The address of a virtual host of this test's own."""
    return bus_settings.rabbitmq_url
