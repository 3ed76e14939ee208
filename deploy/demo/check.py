"""The generator's own totals against what the REST API shows; equal to the last cent, or it is said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from rich.console import Console
from rich.table import Table

from deploy.demo.api import Api
from deploy.world.surfside_files import ClientSpec, World
from deploy.world.totals import Totals, sum_of

CENT = Decimal("0.01")
MICROS = 1_000_000


@dataclass(frozen=True)
class Sums:
    """What is compared, as the API rounds it: money to the cent, half up."""

    impressions: int
    clicks: int
    conversions: int
    conversion_revenue: Decimal
    media_cost: Decimal | None
    """None where the client's files have no such column: not measured is not zero."""
    spend: Decimal

    @classmethod
    def generated(cls, totals: Totals, spend: Decimal, *, cost_is_measured: bool) -> Self:
        """From the generators."""
        return cls(
            totals.impressions,
            totals.clicks,
            totals.conversions,
            _cents(Decimal(totals.conversion_revenue_micros) / MICROS),
            _cents(Decimal(totals.media_cost_micros) / MICROS) if cost_is_measured else None,
            _cents(spend),
        )

    @classmethod
    def shown(cls, answer: Mapping[str, Any]) -> Self:
        """From an answer of the API."""
        return cls(**{field.name: answer[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class Figures:
    """A client's range, and each of its days."""

    total: Sums
    days: dict[date, Sums]

    @classmethod
    def shown(cls, summary: Mapping[str, Any], trends: Sequence[Mapping[str, Any]]) -> Self:
        """From GET /dashboard/summary and GET /dashboard/trends."""
        days = {
            date.fromisoformat(point["date"]): Sums.shown(point)
            for point in trends
            if point["impressions"] is not None
        }
        return cls(Sums.shown(summary), days)


def expected_of(world: World, client: ClientSpec, others: Sequence[Mapping[date, Totals]]) -> Figures:
    """What the API must show for a client: its files, and what other sources delivered by day."""
    measured = {day: client.layout == "export" or any(day in more for more in others) for day in world.days}
    totals = {
        day: sum_of([world.totals(client, day), *(more[day] for more in others if day in more)])
        for day in world.days
    }
    spends = {day: totals[day].spend(client.cpm(day)) or Decimal(0) for day in world.days}
    whole, spent = sum_of(totals.values()), sum(spends.values(), Decimal(0))
    return Figures(
        Sums.generated(whole, spent, cost_is_measured=any(measured.values())),
        {day: Sums.generated(totals[day], spends[day], cost_is_measured=measured[day]) for day in world.days},
    )


def differences(world: World, expected: Mapping[str, Figures], shown: Mapping[str, Figures]) -> list[str]:
    """One line for each figure that differs."""
    found: list[str] = []
    for client in world.clients:
        want, have = expected[client.slug], shown[client.slug]
        pairs = [("60 days", want.total, have.total)]
        pairs += [(str(day), sums, have.days.get(day)) for day, sums in want.days.items()]  # type: ignore[misc]
        for label, generated, answered in pairs:
            found += _unequal(f"{client.name}, {label}", generated, answered)
    return found


def _unequal(label: str, generated: Sums, answered: Sums | None) -> list[str]:
    if answered is None:
        return [f"{label}: no data"]
    return [
        f"{label}: {name} is {getattr(answered, name)}, generated {getattr(generated, name)}"
        for name in (field.name for field in fields(Sums))
        if getattr(answered, name) != getattr(generated, name)
    ]


def print_summary(world: World, shown: Mapping[str, Figures]) -> None:
    """The totals that the API shows, on standard output."""
    table = Table(title=f"{world.days[0]} to {world.days[-1]}, from the REST API")
    table.add_column("client")
    for field in fields(Sums):
        table.add_column(field.name.replace("_", " "), justify="right")
    for client in world.clients:
        sums = shown[client.slug].total
        table.add_row(client.name, *(_shown(getattr(sums, field.name)) for field in fields(Sums)))
    Console(width=120).print(table)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _shown(value: int | Decimal | None) -> str:
    return "–" if value is None else f"{value:,}"


async def settled(
    api: Api, ids: dict[str, str], expected: dict[str, Figures], days: Sequence[date]
) -> dict[str, Figures]:
    """What the API shows, once its rollups cover all that was loaded (or after a while, as it is)."""

    async def look() -> dict[str, Figures]:
        return {slug: await figures_of(api, client_id, days) for slug, client_id in ids.items()}

    shown = await look()
    deadline = time.monotonic() + 60
    while shown != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        shown = await look()
    return shown


async def figures_of(api: Api, client_id: str, days: Sequence[date]) -> Figures:
    """Totals of the range and of each day, as the API shows them."""
    summary = await api.summary(client_id, days[0], days[-1])
    trends = await api.trends(client_id, days[0], days[-1])
    return Figures.shown(summary, trends)
