"""What a run will do to each date: read under the lock, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.metrics.rows import by_date
from services.loader.frames import empty_rows
from services.loader.frames.runs import Change, Totals, digest, replacing, totals, upserting
from services.loader.rules import Head, Order, newer_runs, shrinks, superseded_dates
from services.loader.store import facts, hierarchy, slices
from services.loader.store.runs import Client, Run
from services.loader.store.slices import Slice


@dataclass(frozen=True)
class Rest:
    """What is still to be written of a run, and the days of which rows are: nobody else has any on them."""

    rows: pl.DataFrame
    begun: frozenset[date]


@dataclass(frozen=True)
class Merge:
    """A run, decoded and ready."""

    client: Client
    run: Run
    rows: pl.DataFrame
    merged: int
    default_cpm: Decimal | None = None
    """For days without a rate."""
    rest: Rest | None = None
    """Where a beginning of the run is written."""


@dataclass
class Plan:
    """What the run will do to each date; made under the lock, written after the decision to."""

    slice: Slice
    covered: list[date]
    days: dict[date, pl.DataFrame]
    heads: dict[date, Head]
    superseded: set[date]
    standing: set[date]
    """Dates on which the client has rows."""
    digests: dict[date, str] = field(default_factory=dict)
    unchanged: set[date] = field(default_factory=set)

    @property
    def open_dates(self) -> list[date]:
        """Dates whose rows have to be looked at."""
        return [day for day in sorted(self.days) if day not in self.superseded | self.unchanged]


@dataclass(frozen=True)
class Work:
    """What the run does to a date, and the sums before and after."""

    change: Change
    before: Totals
    after: Totals

    def shrinks(self, share: Decimal) -> bool:
        """Whether it takes away more than the allowed share of what stands."""
        return shrinks(self.before, totals(self.change.removed), self.after, share)


async def planned(connection: AsyncConnection, merge: Merge) -> Plan:
    """What the run will do, as far as heads and days tell."""
    run = merge.run
    covered = sorted(set(run.end.coverage)) if run.end else []
    days = dict.fromkeys(covered, empty_rows()) | by_date(merge.rows)
    begun = merge.rest.begun if merge.rest else frozenset()
    slice_ = Slice(run.client_id, run.source, run.account)
    heads = await slices.heads(connection, slice_, days)
    plan = Plan(
        slice=slice_,
        covered=covered,
        days=days,
        heads=heads,
        superseded=superseded_dates(days, heads, run.order),
        standing=await facts.dates_with_rows(connection, run.client_id, set(days) - begun),
    )
    if plan.standing:
        creatives = await hierarchy.creatives_of(connection, run.client_id, run.source, run.account)
        plan.slice = Slice(run.client_id, run.source, run.account, creatives)
    for day in set(covered) - plan.superseded:
        plan.digests[day] = digest(days[day])
        if day in heads and heads[day].digest == plan.digests[day]:
            plan.unchanged.add(day)
    return plan


async def compared(connection: AsyncConnection, plan: Plan, run: Run, day: date) -> Work:
    """Read what stands for a date, and compare."""
    standing, orders = empty_rows(), dict[int, Order]()
    if day in plan.standing:
        standing = await facts.standing_rows(connection, plan.slice, day)
        orders = await slices.orders(connection, run.client_id, standing["run_no"].unique().to_list())
    kind = replacing if day in plan.covered else upserting
    change = kind(standing, plan.days[day], newer_runs(orders, run.order))
    return Work(change, totals(standing), totals(change.after))
