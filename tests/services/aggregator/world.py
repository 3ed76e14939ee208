"""A small client with facts that tests change, as the loader would leave them."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

SOURCES = ("surfside", "vibe", "facebook")
CREATIVES = 24
FACTS = (
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue_micros",
    "media_cost_micros",
    "video_completions",
)
FIRST_DAY = date(2026, 9, 28)
"""A Monday three days before a month begins: weeks and months overlap both ways."""


def day(number: int) -> date:
    """The n-th day from FIRST_DAY on."""
    return FIRST_DAY + timedelta(days=number)


@dataclass
class World:
    """One client's rows. Three campaigns, one per source; two strategies and placements under each."""

    connection: asyncpg.Connection[asyncpg.Record]
    client: int = 0
    public_id: UUID = field(default_factory=lambda: UUID(int=0))

    async def make(self, name: str = "Acme", settings: str = "{}") -> World:
        """Insert the client and its hierarchy."""
        row = await self.connection.fetchrow(
            "INSERT INTO clients (name, settings) VALUES ($1, $2) RETURNING id, public_id", name, settings
        )
        assert row is not None
        self.client, self.public_id = row["id"], row["public_id"]
        for statement in (
            "INSERT INTO campaigns (client_id, id, source, name) SELECT $1, n, "
            "(ARRAY['surfside', 'vibe', 'facebook'])[n], 'campaign ' || n FROM generate_series(1, 3) n",
            "INSERT INTO strategies (client_id, id, campaign_id, name) "
            "SELECT $1, n, (n - 1) % 3 + 1, 'strategy ' || n FROM generate_series(1, 6) n",
            "INSERT INTO placements (client_id, id, strategy_id, name) "
            "SELECT $1, n, (n - 1) % 6 + 1, 'placement ' || n FROM generate_series(1, 12) n",
            "INSERT INTO creatives (client_id, id, placement_id, name) "
            f"SELECT $1, n, (n - 1) % 12 + 1, 'creative ' || n FROM generate_series(1, {CREATIVES}) n",
        ):
            await self.connection.execute(statement, self.client)
        return self

    async def set_rate(self, source: str, on: date, cpm: str | None) -> None:
        """The CPM of a source on a day."""
        await self.connection.execute(
            "INSERT INTO day_rates (client_id, source, date, cpm) VALUES ($1, $2, $3, $4::text::numeric) "
            "ON CONFLICT (client_id, source, date) DO UPDATE SET cpm = excluded.cpm",
            self.client,
            source,
            on,
            cpm,
        )

    async def put(self, on: date, creative: int, **metrics: int | None) -> None:
        """One row of a day; what is not given was not measured."""
        await self.connection.execute("SELECT ensure_month($1)", on)
        await self.connection.execute(
            f"INSERT INTO daily_metrics (client_id, date, creative_id, run_no, {', '.join(FACTS)}) "
            "VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9) ON CONFLICT (client_id, date, creative_id) "
            f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in FACTS)}",
            self.client,
            on,
            creative,
            *(metrics.get(name) for name in FACTS),
        )

    async def remove(self, on: date, creatives: Collection[int] | None = None) -> None:
        """Take rows of a day away, all of them or those of some creatives."""
        await self.connection.execute(
            "DELETE FROM daily_metrics WHERE client_id = $1 AND date = $2 "
            "AND ($3::int[] IS NULL OR creative_id = ANY($3))",
            self.client,
            on,
            None if creatives is None else list(creatives),
        )

    async def shuffle_day(self, on: date, seed: random.Random) -> None:
        """New rows for some creatives of a day, with whatever measured; some rows go away."""
        for creative in seed.sample(range(1, CREATIVES + 1), seed.randint(0, CREATIVES)):
            if seed.random() < 0.2:
                await self.remove(on, [creative])
            else:
                await self.put(on, creative, **random_metrics(seed))

    async def one(self, query: str) -> Any:
        """A row about this client; ``$1`` is its key."""
        return await self.connection.fetchrow(query, self.client)

    async def value(self, query: str) -> Any:
        """A value about this client; ``$1`` is its key."""
        return await self.connection.fetchval(query, self.client)


def random_metrics(seed: random.Random) -> Mapping[str, int | None]:
    """Numbers as sources report them, a third of them not measured."""
    limits = (100_000, 900, 12, 10**9, 10**8, 5000)
    return {
        name: seed.randrange(limit) if seed.random() < 0.66 else None
        for name, limit in zip(FACTS, limits, strict=True)
    }
