"""A small agency in a real database: clients, users, 70 days of three sources, and their exact sums.

The expected figures are computed here with fractions from the facts, apart from libs.metrics.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg
import polars as pl

from libs.metrics.blocks import encode
from libs.metrics.measures import FACTS, SUMS, measure_rows, sum_measures
from libs.metrics.periods import Period, start_of

DAYS = 70
TODAY = datetime.now(UTC).date()
UNPRICED_DAYS = 10
FIRST = TODAY - timedelta(days=DAYS)
"""The first of the delivered days; the last one is yesterday."""
SOURCES = ("surfside", "vibe", "facebook")
METRICS: dict[str, int] = {
    "impressions": 0,
    "clicks": 0,
    "conversions": 0,
    "conversion_revenue": 2,
    "spend": 2,
    "media_cost": 2,
    "margin": 2,
    "video_completions": 0,
    "ctr": 6,
    "cpc": 4,
    "cpa": 4,
    "cpm": 4,
    "roas": 4,
}
"""Shown decimals by name."""


@dataclass(frozen=True)
class Fact:
    """A row of daily_metrics with what it hangs on; None: not measured."""

    day: date
    source: str
    campaign: int
    strategy: int
    placement: int
    creative: int
    impressions: int
    clicks: int | None
    conversions: int
    conversion_revenue_micros: int
    media_cost_micros: int | None
    video_completions: int | None
    cpm: Decimal | None


@dataclass
class Client:
    """A client of the world."""

    name: str
    id: int
    public_id: UUID
    owner: str
    currency: str = "USD"
    facts: list[Fact] = field(default_factory=list)
    ids: dict[tuple[str, int], UUID] = field(default_factory=dict)
    """(level, key) → public id."""


@dataclass
class World:
    """Everything that was put into the database."""

    clients: dict[str, Client] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    sessions: dict[str, UUID] = field(default_factory=dict)
    runs: dict[str, UUID] = field(default_factory=dict)
    """client → a run of theirs."""

    @property
    def north(self) -> Client:
        return self.clients["North"]

    @property
    def south(self) -> Client:
        return self.clients["South"]


async def build(owner_url: str) -> World:
    """Fill a migrated database."""
    world = World()
    connection = await asyncpg.connect(owner_url)
    try:
        for name, role in (("admin", "admin"), ("nina", "client"), ("sam", "client"), ("nobody", "client")):
            await add_user(connection, world, name, role)
        for name, owner, currency in (
            ("North", "nina", "USD"),
            ("South", "sam", "USD"),
            ("Euro", "sam", "EUR"),
            ("Gone", "nina", "USD"),
        ):
            await add_client(connection, world, name, owner, currency)
        await connection.execute("UPDATE clients SET status = 'disabled' WHERE name = 'Gone'")
    finally:
        await connection.close()
    return world


async def add_user(connection: asyncpg.Connection[Any], world: World, name: str, role: str) -> None:
    """A user with a session, known to the world by their name."""
    user = await connection.fetchval(
        "INSERT INTO users (email, password_hash, role) VALUES ($1, 'none', $2) RETURNING id",
        f"{name}@agency.example",
        role,
    )
    world.users[name] = user
    world.sessions[name] = await connection.fetchval(
        "INSERT INTO refresh_tokens (user_id, family, token_hash, expires_at) "
        "VALUES ($1, gen_random_uuid(), $2, now() + interval '1 day') RETURNING id",
        user,
        name.encode(),
    )


async def add_client(
    connection: asyncpg.Connection[Any],
    world: World,
    name: str,
    owner: str,
    currency: str = "USD",
    more_impressions: int = 0,
) -> Client:
    """A client with its facts, known to the world by its name; each fact has so many more impressions."""
    row = await connection.fetchrow(
        "INSERT INTO clients (name, user_id, currency) VALUES ($1, $2, $3) RETURNING id, public_id",
        name,
        world.users[owner],
        currency,
    )
    assert row is not None
    client = Client(name, row["id"], row["public_id"], owner, currency)
    client.facts = [
        replace(fact, impressions=fact.impressions + more_impressions) for fact in _facts(random.Random(name))
    ]
    world.clients[name] = client
    await _add_hierarchy(connection, client)
    await _add_sums(connection, client)
    await _add_runs(connection, world, client)
    return client


def _facts(rng: random.Random) -> Iterable[Fact]:
    """Three campaigns, one per source; vibe measures no clicks; the first ten days have no CPM."""
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for campaign, source in enumerate(SOURCES, 1):
            if source == "facebook" and number % 7 == 3:
                continue  # a day that was not uploaded
            for creative in range(campaign * 10, campaign * 10 + 4):
                yield Fact(
                    day=day,
                    source=source,
                    campaign=campaign,
                    strategy=campaign,
                    placement=campaign * 10 + creative % 2,
                    creative=creative,
                    impressions=rng.randrange(0, 9000),
                    clicks=None if source == "vibe" else rng.randrange(0, 60),
                    conversions=rng.randrange(0, 7),
                    conversion_revenue_micros=rng.randrange(0, 90_000_000),
                    media_cost_micros=rng.randrange(0, 40_000_000),
                    video_completions=rng.randrange(0, 900) if source == "vibe" else None,
                    cpm=None
                    if number < 10
                    else Decimal("5.25")
                    if source == "surfside"
                    else Decimal("7.3333"),
                )


def _cpm(day: int, source: str) -> Decimal | None:
    if day < UNPRICED_DAYS:
        return None
    return Decimal("5.25") if source == "surfside" else Decimal("7.3333")


async def _add_hierarchy(connection: asyncpg.Connection[Any], client: Client) -> None:
    facts = client.facts
    for key, source in sorted({(f.campaign, f.source) for f in facts}):
        client.ids["campaign", key] = await connection.fetchval(
            "INSERT INTO campaigns (client_id, id, source, name) VALUES ($1, $2, $3, $4) RETURNING public_id",
            client.id, key, source, f"{client.name} campaign {key}",
        )  # fmt: skip
    levels: tuple[tuple[str, str, str, Callable[[Fact], tuple[int, int]]], ...] = (
        ("strategy", "strategies", "campaign_id", lambda f: (f.strategy, f.campaign)),
        ("placement", "placements", "strategy_id", lambda f: (f.placement, f.strategy)),
        ("creative", "creatives", "placement_id", lambda f: (f.creative, f.placement)),
    )
    for level, table, parent, pair in levels:
        for key, above in sorted({pair(f) for f in facts}):
            client.ids[level, key] = await connection.fetchval(
                f"INSERT INTO {table} (client_id, id, {parent}, name) "
                "VALUES ($1, $2, $3, $4) RETURNING public_id",
                client.id, key, above, f"{client.name} {level} {key}",
            )  # fmt: skip
    given = [
        max(getattr(f, level) for f in facts) for level in ("campaign", "strategy", "placement", "creative")
    ]
    await connection.execute(
        "INSERT INTO hierarchy_counters (client_id, campaigns, strategies, placements, creatives) "
        "VALUES ($1, $2, $3, $4, $5)",
        client.id, *given,
    )  # fmt: skip


async def _add_sums(connection: asyncpg.Connection[Any], client: Client) -> None:
    frame = pl.DataFrame(
        {
            "date": [f.day for f in client.facts],
            "campaign_id": [f.campaign for f in client.facts],
            "source": [f.source for f in client.facts],
            "creative_id": [f.creative for f in client.facts],
            **{name: pl.Series([getattr(f, name) for f in client.facts], dtype=pl.Int64) for name in FACTS},
            "cpm_e4": pl.Series(
                [None if f.cpm is None else int(f.cpm.scaleb(4)) for f in client.facts], dtype=pl.Int64
            ),
        }
    )
    measured = measure_rows(frame)
    rollups = sum_measures(measured, ["date", "campaign_id", "source"])
    await connection.copy_records_to_table(
        "rollups",
        records=[(client.id, *row) for row in rollups.iter_rows()],
        columns=["client_id", "date", "campaign_id", "source", *SUMS],
    )
    periods: tuple[Period, ...] = ("day", "week", "month")
    for period in periods:
        starts = measured.with_columns(
            pl.Series("start", [start_of(period, day) for day in measured["date"]], dtype=pl.Date)
        )
        for (start,), part in starts.partition_by("start", as_dict=True).items():
            sums = sum_measures(part, ["creative_id"])
            await connection.execute(
                "INSERT INTO rollup_blocks (client_id, period, start_date, rows, payload) "
                "VALUES ($1, $2, $3, $4, $5)",
                client.id, period, start, sums.height, encode(sums),
            )  # fmt: skip
    await connection.execute("INSERT INTO data_versions VALUES ($1, 1)", client.id)


async def _add_runs(connection: asyncpg.Connection[Any], world: World, client: Client) -> None:
    for source in SOURCES:
        await connection.execute(
            "INSERT INTO source_settings (client_id, source, enabled) VALUES ($1, $2, true)",
            client.id,
            source,
        )
    await connection.copy_records_to_table(
        "slice_head",
        records=[
            (client.id, source, "", day, datetime.now(UTC), 1)
            for day, source in sorted({(f.day, f.source) for f in client.facts})
        ],
        columns=["client_id", "source", "account", "date", "delivered_at", "run_no"],
    )
    await connection.execute(
        "INSERT INTO client_settings (client_id, source, cpm, currency, effective_date) VALUES "
        "($1, 'surfside', 5.25, $3, $2), ($1, NULL, 7.3333, $3, $2)",
        client.id, FIRST + timedelta(days=UNPRICED_DAYS), client.currency,
    )  # fmt: skip
    world.runs[client.name] = await connection.fetchval(
        "INSERT INTO ingestion_logs "
        "(client_id, run_id, source, run_date, status, rows_loaded, rows_rejected) "
        "VALUES ($1, gen_random_uuid(), 'surfside', $2, 'partial', 12, 2) RETURNING run_id",
        client.id, TODAY - timedelta(days=1),
    )  # fmt: skip
    await connection.executemany(
        "INSERT INTO rejected_rows (client_id, run_id, row_number, raw, reasons) VALUES ($1, $2, $3, $4, $5)",
        [
            (client.id, world.runs[client.name], 3, '["=HYPERLINK(1)", "-5"]', ["negative impressions"]),
            (client.id, world.runs[client.name], 9, '["x", "1e400"]', ["=cmd|calc: not a number"]),
        ],
    )


Filter = Callable[[Fact], bool]


def expected(facts: Iterable[Fact], keep: Filter = lambda _: True) -> dict[str, Decimal | int | None]:
    """The shown value of every metric over some facts."""
    chosen = [fact for fact in facts if keep(fact)]
    exact = _exact(chosen)
    return {name: _shown(exact[name], decimals) for name, decimals in METRICS.items()}


def _exact(chosen: list[Fact]) -> dict[str, Fraction | None]:
    spend = _spend
    with_clicks = [f for f in chosen if f.clicks is not None]
    priced = [f for f in chosen if f.cpm is not None]
    both = [f for f in priced if f.clicks is not None]
    costed = [f for f in priced if f.media_cost_micros is not None]
    micros = Fraction(1, 10**6)
    return {
        "impressions": _sum(chosen, lambda f: f.impressions),
        "clicks": _sum(with_clicks, lambda f: f.clicks or 0),
        "conversions": _sum(chosen, lambda f: f.conversions),
        "conversion_revenue": _sum(chosen, lambda f: f.conversion_revenue_micros * micros),
        "spend": _sum(priced, spend),
        "media_cost": _sum(chosen, lambda f: (f.media_cost_micros or 0) * micros),
        "margin": _sum(costed, lambda f: spend(f) - (f.media_cost_micros or 0) * micros),
        "video_completions": _sum(
            [f for f in chosen if f.video_completions is not None], lambda f: f.video_completions or 0
        ),
        "ctr": _ratio(with_clicks, lambda f: f.clicks or 0, lambda f: f.impressions, 100),
        "cpc": _ratio(both, spend, lambda f: f.clicks or 0, 1),
        "cpa": _ratio(priced, spend, lambda f: f.conversions, 1),
        "cpm": _ratio(priced, spend, lambda f: f.impressions, 1000),
        "roas": _ratio(priced, lambda f: f.conversion_revenue_micros * micros, spend, 100),
    }


def _spend(fact: Fact) -> Fraction:
    return fact.impressions * Fraction(fact.cpm or 0) / 1000


def _sum(facts: list[Fact], value: Callable[[Fact], Fraction | int]) -> Fraction | None:
    return Fraction(sum(value(f) for f in facts)) if facts else None


def _ratio(
    facts: list[Fact],
    above: Callable[[Fact], Fraction | int],
    below: Callable[[Fact], Fraction | int],
    times: int,
) -> Fraction | None:
    under = sum(below(f) for f in facts)
    return Fraction(sum(above(f) for f in facts)) / under * times if under else None


def _shown(value: Fraction | None, decimals: int) -> Decimal | int | None:
    if value is None:
        return None
    scaled = Decimal(value.numerator * 10**20) / Decimal(value.denominator) / Decimal(10**20)
    return scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
