"""Questions to the gateway over HTTP, each with the time until the last byte of its answer."""

from __future__ import annotations

import json
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from deploy.demo.run import ADMIN
from tests.bench.filling import Client
from tests.bench.made import DAYS

BASE = "/api/v1"
RANGES = {"7 days": 7, "30 days": 30, "90 days": 90, "13 months": DAYS}


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    seconds: float
    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether it is an answer at all."""
        return self.status == httpx.codes.OK

    def json(self) -> Any:
        """Numbers come exact. Raises AssertionError where it is an error."""
        assert self.ok, f"the gateway answered {self.status}: {self.body[:500].decode(errors='replace')}"
        return json.loads(self.body, parse_float=Decimal)


class Asking:
    """A signed-in administrator."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, url: str, password: str) -> AsyncIterator[Asking]:
        """With one connection that stays open, as a browser has it."""
        async with httpx.AsyncClient(base_url=f"{url}{BASE}", timeout=300) as http:
            answer = await http.post("/auth/login", json={"email": ADMIN, "password": password})
            answer.raise_for_status()
            http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield cls(http)

    @property
    def authorization(self) -> str:
        """The header of the signed-in user."""
        return self._http.headers["Authorization"]

    async def get(self, path: str, params: dict[str, Any]) -> Answer:
        """A question; an error is an answer, too."""
        began = time.perf_counter()
        answer = await self._http.get(path, params=params)
        return Answer(time.perf_counter() - began, answer.status_code, answer.content)

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Something to be done."""
        began = time.perf_counter()
        answer = await self._http.post(path, json=body)
        return Answer(time.perf_counter() - began, answer.status_code, answer.content)

    @asynccontextmanager
    async def stream(self, path: str, params: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """An answer in pieces."""
        async with self._http.stream("GET", path, params=params) as answer:
            assert answer.is_success, f"{path} answered {answer.status_code}"
            yield answer

    async def about(self, client: Client, days: int, path: str, **more: Any) -> Answer:
        """A question about the newest days of a client."""
        return await self.get(path, {**question(client, days), **more})

    async def dashboard(self, client: Client, days: int) -> Answer:
        """The whole page."""
        return await self.about(client, days, "/dashboard")


def question(client: Client, days: int) -> dict[str, Any]:
    """Parameters: a client and its newest days."""
    last = client.maker.last
    return {
        "client_id": str(client.public_id),
        "start_date": str(last - timedelta(days=days - 1)),
        "end_date": str(last),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
