"""A Surfside connector on real servers, at a time that the test chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from libs.settings import BusSettings
from libs.testing.databases import Database
from services.connectors.surfside.main import create_app
from services.connectors.surfside.settings import SurfsideSettings
from tests.connectors.harness import Ears, Records, publish, quiet, running
from tests.simulators.buckets import Buckets, buckets

__all__ = ["buckets"]

NOON = datetime(2025, 11, 5, 17, 30, tzinfo=UTC)
"""Half an hour after the file of 4 November is due."""


@dataclass
class Surfside:
    """The connector, its surroundings, and a clock that stands still until it is set."""

    settings: SurfsideSettings
    buckets: Buckets
    records: Records
    ears: Ears
    bus: BusSettings
    now: datetime = NOON

    @asynccontextmanager
    async def started(self) -> AsyncIterator[None]:
        async with running(create_app(self.settings, lambda: self.now)):
            yield

    async def pull(self, **body: Any) -> None:
        await publish(self.bus, "pull.requested.surfside", body)

    async def reload(self, **body: Any) -> None:
        await publish(self.bus, "reload.requested.surfside", body)

    async def quiet(self) -> None:
        await quiet(self.bus, "surfside.pulls", "surfside.reloads")


@pytest.fixture
async def surfside(
    database: Database, bus_settings: BusSettings, buckets: Buckets, tmp_path: Path
) -> AsyncIterator[Surfside]:
    settings = SurfsideSettings(
        **buckets.settings.model_dump(exclude={"s3_prefix", "app_name"}),
        **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
        database_url=database.url_of("surfside"),
        graceful_timeout=10,
        publish_timeout=10,
        work_dir=tmp_path / "work",
    )
    async with Ears(bus_settings).open() as ears:
        yield Surfside(settings, buckets, Records(database.owner_url), ears, bus_settings)
