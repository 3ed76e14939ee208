"""Services beside a gateway, as processes: the facebook connector, which answers its uploads, and others."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from deploy.local.ports import free_ports
from deploy.world.facebook_exports import csv_bytes, export
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from tests.services.gateway.world import TODAY
from tests.spawned import Spawned

ROOT = Path(__file__).parents[3]
CONNECTOR = "services.connectors.facebook.main"
_DAYS = count(2)


@dataclass
class Service:
    """A process that answers health at its address."""

    process: Spawned
    url: str
    log: Path

    async def up(self) -> None:
        """Wait until it answers."""
        async with httpx.AsyncClient(base_url=self.url, timeout=20) as http:

            async def answers() -> bool:
                assert self.process.returncode is None, self.log.read_text()
                try:
                    return (await http.get("/health/live")).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually(answers, within=60, what=f"{self.log.name} answers")

    async def end(self) -> None:
        """At once: nobody waits for what it does."""
        self.process.kill()
        await self.process.wait()


def begun(module: str, folder: Path, settings: dict[str, Any]) -> Service:
    """A service of these settings, as it starts."""
    port = free_ports("service")["service"]
    told = {"port": port, "host": "127.0.0.1", **settings}
    environment = {
        name.upper(): json.dumps(value) if isinstance(value, tuple | list) else str(value)
        for name, value in told.items()
    }
    base = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    log = folder / f"{module}.log"
    process = Spawned(module, environment={**base, **environment}, folder=ROOT, log=log)
    return Service(process, f"http://127.0.0.1:{port}", log)


@asynccontextmanager
async def served(module: str, folder: Path, settings: dict[str, Any]) -> AsyncIterator[str]:
    """Where the service answers."""
    service = begun(module, folder, settings)
    try:
        await service.up()
        yield service.url
    finally:
        await service.end()


@contextmanager
def beside(module: str, folder: Path, settings: dict[str, Any]) -> Iterator[str]:
    """The same, outside of any loop."""
    service = begun(module, folder, settings)
    try:
        asyncio.run(service.up())
        yield service.url
    finally:
        asyncio.run(service.end())


def on(database: Database, role: str, bus: BusSettings) -> dict[str, Any]:
    """Settings of any service."""
    shared = bus.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"})
    return {"database_url": database.url_of(role), **shared}


def of_connector(
    database: Database, folder: Path, key: str, bus: BusSettings | None = None
) -> dict[str, Any]:
    """Settings of the connector; without a bus it takes uploads, and loads none of them."""
    away = BusSettings(rabbitmq_url="amqp://guest:guest@127.0.0.1:9/")
    own = {"secret_key": key, "upload_dir": folder / "archive", "work_dir": folder / "work"}
    return {**on(database, "facebook", bus or away), **own, "access_token_expire_minutes": 1440}


def an_export(ads: int = 2) -> bytes:
    """A file that can be loaded, of a day that no other one has."""
    day = TODAY - timedelta(days=next(_DAYS))
    return csv_bytes(export([day], ads=ads, seed=7).table())
