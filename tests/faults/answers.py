"""The API's answers: a gateway in this process, on the world's database, asked by an admin who signed in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from libs.auth import Hasher
from services.gateway.main import create_app
from services.gateway.settings import GatewaySettings
from tests.faults.shown import NAMES
from tests.faults.world import World

EMAIL, PASSWORD = "oracle@tidemark.example", "the oracle asks as an admin"
KEY = "a key that only the oracle's gateway knows: 32 bytes"
PAGE = 500

Values = dict[str, Decimal | None]


@dataclass(frozen=True)
class Answers:
    """What the API says of a client over a range: shown values by metric."""

    summary: Values
    campaigns: dict[tuple[str, str], list[Values]]
    """By source and name; several accounts may have a campaign of that name."""
    of_creatives: Values
    """Totals of the list of creatives, which are summed from blocks, not from rollups."""


class Api:
    """The gateway's routes."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def sign_in(self) -> None:
        """As the admin."""
        answer = await self._http.post("/auth/login", json={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def ask(self, clients: Collection[UUID], first: date, last: date) -> dict[UUID, Answers]:
        """Summary and lists of each client over these days."""
        return {client: await self._ask(client, first, last) for client in clients}

    async def _ask(self, client: UUID, first: date, last: date) -> Answers:
        query = {"client_id": str(client), "start_date": str(first), "end_date": str(last)}
        listed = await self._get("campaigns", {**query, "page_size": str(PAGE)})
        assert listed["total"] <= PAGE
        campaigns: dict[tuple[str, str], list[Values]] = {}
        for row in listed["data"]:
            campaigns.setdefault((row["source"], row["campaign_name"]), []).append(_values(row))
        creatives = await self._get("creatives", query)
        summary = await self._get("summary", query)
        return Answers(_values(summary), campaigns, _values(creatives["totals"]))

    async def _get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        answer = await self._http.get(f"/dashboard/{path}", params=query)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = json.loads(answer.text, parse_float=Decimal, parse_int=Decimal)
        return found


def _values(body: dict[str, Any]) -> Values:
    return {name: body[name] for name in NAMES}


@asynccontextmanager
async def gateway(world: World) -> AsyncIterator[Api]:
    """A gateway; its cache lives as long as it does."""
    hasher = Hasher(cost=4)
    connection = await world.connect()
    try:
        await connection.execute(
            "INSERT INTO users (email, password_hash, role) VALUES ($1, $2, 'admin')",
            EMAIL,
            await hasher.hash(PASSWORD),
        )
    finally:
        await connection.close()
        hasher.close()
    app = create_app(_settings(world.database.url_of("gateway"), world.bus.rabbitmq_url))
    base = "http://gateway/api/v1"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as http:
        api = Api(http)
        try:
            await api.sign_in()
            yield api
        finally:
            await app.state.parts.engine.dispose()
            app.state.parts.hasher.close()


def _settings(database_url: str, rabbitmq_url: str) -> GatewaySettings:
    values: dict[str, Any] = {
        "database_url": database_url,
        "rabbitmq_url": rabbitmq_url,
        "secret_key": KEY,
    }
    return GatewaySettings(_env_file=None, **values)
