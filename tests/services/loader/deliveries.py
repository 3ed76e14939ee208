"""Makes runs for tests of the loader, and models in plain Python what must stand after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.ingest.v1 import MetricsBatch, RunEnd
from libs.db.engine import transaction
from services.loader.handlers.merging import merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.handlers.staging import stage_batch

TODAY = datetime.now(UTC).date()
DAY = TODAY - timedelta(days=10)
NEXT = DAY + timedelta(days=1)

Row = tuple[date, str, int]
"""Date, creative, impressions."""


@dataclass(frozen=True)
class Delivery:
    """A delivery: its order, its rows and the dates for which it is the whole truth."""

    at: int
    rows: tuple[Row, ...]
    coverage: tuple[date, ...] = (DAY,)
    source: str = "surfside"
    account: str = ""
    end: dict[str, object] = field(default_factory=dict)
    run_id: UUID = field(default_factory=uuid4)

    @property
    def delivered_at(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=self.at)


def batches_of(client: UUID, delivery: Delivery, size: int = 10_000) -> list[MetricsBatch]:
    """The messages of a delivery."""
    pieces = [delivery.rows[i : i + size] for i in range(0, len(delivery.rows), size)] or [()]
    return [_batch(client, delivery, n, piece, len(pieces)) for n, piece in enumerate(pieces)]


def _batch(client: UUID, delivery: Delivery, n: int, rows: Sequence[Row], count: int) -> MetricsBatch:
    creatives = sorted({row[1] for row in rows})
    names = ["Campaign", "Strategy", "Placement", *creatives]
    end = RunEnd.model_validate(
        {"batch_count": count, "coverage": delivery.coverage, "rows_read": len(delivery.rows), **delivery.end}
    )
    return MetricsBatch(
        run_id=delivery.run_id,
        client_id=client,
        source=delivery.source,
        account=delivery.account,
        sequence=n,
        row_count=len(rows),
        delivered_at=delivery.delivered_at,
        run_date=DAY,
        names=names,
        columns={
            "date": [row[0].isoformat() for row in rows],
            "campaign": [0] * len(rows),
            "strategy": [1] * len(rows),
            "placement": [2] * len(rows),
            "creative": [names.index(row[1]) for row in rows],
            "impressions": [row[2] for row in rows],
            "clicks": [row[2] // 10 for row in rows],
        },
        last=n == count - 1,
        end=end if n == count - 1 else None,
    )


async def make_client(owner: AsyncEngine, *, cpm: str | None = "10", currency: str = "USD") -> UUID:
    """A client, with a general CPM from long ago."""
    async with transaction(owner) as connection:
        row = (
            await connection.execute(
                text(
                    "INSERT INTO clients (name, currency) VALUES (:name, :currency) RETURNING id, public_id"
                ),
                {"name": f"client {uuid4().hex[:8]}", "currency": currency},
            )
        ).one()
        if cpm is not None:
            await connection.execute(
                text(
                    "INSERT INTO client_settings (client_id, cpm, currency, effective_date) "
                    "VALUES (:client, cast(:cpm AS numeric), :currency, '2020-01-01')"
                ),
                {"client": row.id, "cpm": cpm, "currency": currency},
            )
    public_id: UUID = row.public_id
    return public_id


async def load(
    engine: AsyncEngine,
    resolver: Resolver,
    client: UUID,
    delivery: Delivery,
    size: int = 3,
    *,
    default_cpm: Decimal | None = None,
) -> str:
    """Stage and merge a delivery as the handlers do; returns how the run stands."""
    for batch in batches_of(client, delivery, size):
        await stage_batch(engine, resolver, batch)
    await merge_run(engine, resolver, client, delivery.run_id, default_cpm=default_cpm)
    return await status_of(engine, delivery.run_id)


async def status_of(engine: AsyncEngine, run_id: UUID) -> str:
    async with transaction(engine) as connection:
        found = await connection.execute(
            text("SELECT status FROM ingestion_logs WHERE run_id = :run"), {"run": run_id}
        )
        return str(found.scalar_one())


async def standing(engine: AsyncEngine, client: UUID) -> set[Row]:
    """The facts, as (date, creative, impressions)."""
    async with transaction(engine) as connection:
        rows = await connection.execute(
            text(
                "SELECT d.date, c.name, d.impressions FROM daily_metrics d "
                "JOIN creatives c ON c.client_id = d.client_id AND c.id = d.creative_id "
                "JOIN clients cl ON cl.id = d.client_id WHERE cl.public_id = :client"
            ),
            {"client": client},
        )
        return {(row.date, row.name, row.impressions) for row in rows}


def expected(deliveries: Sequence[Delivery]) -> set[Row]:
    """What stands after deliveries, whatever order they came in: later wins; coverage is the whole truth."""
    stands: dict[tuple[date, str], int] = {}
    for delivery in sorted(deliveries, key=lambda d: d.at):
        for key in [key for key in stands if key[0] in delivery.coverage]:
            del stands[key]
        summed: dict[tuple[date, str], int] = {}
        for day, creative, impressions in delivery.rows:
            summed[day, creative] = summed.get((day, creative), 0) + impressions
        stands |= summed
    return {(day, creative, impressions) for (day, creative), impressions in stands.items()}


EngineOf = Callable[[str], AsyncEngine]
