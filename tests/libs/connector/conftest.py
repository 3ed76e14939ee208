"""A client and a run in a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.connector.account import Client
from libs.connector.clients import client_named
from libs.connector.runs import Run
from libs.db.engine import transaction
from tests.connectors.harness import Records, records

__all__ = ["records"]

DAY = date(2025, 11, 4)


@dataclass
class Books:
    """What a connector writes in, and what the owner reads there."""

    engine: AsyncEngine
    records: Records
    client: Client

    def run(self, number: int = 1, *, delivered: bool = True) -> Run:
        at = datetime(2025, 11, 5, 8, tzinfo=UTC) if delivered else None
        return Run(UUID(int=number), self.client, "surfside", DAY, at)


@pytest.fixture
async def books(records: Records, engine_of: Callable[[str], AsyncEngine]) -> Books:
    public_id = await records.client("Acme Outdoor", default_campaign="Autumn", column_map={"clicks": "Taps"})
    engine = engine_of("surfside")
    async with transaction(engine) as connection:
        client = await client_named(connection, "surfside", public_id)
    return Books(engine, records, client)
