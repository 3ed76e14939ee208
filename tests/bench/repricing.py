"""Phase P11: a CPM changed 13 months back, until every number that the API shows is right again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from tests.bench.asking import Asking, percentile
from tests.bench.cold import rates_of
from tests.bench.expected import (
    Model,
    Rates,
    differences,
    wrong_leaders,
    wrong_points,
    wrong_sources,
    wrong_summaries,
)
from tests.bench.figures import Figures, Target, console
from tests.bench.made import DAYS
from tests.bench.place import PASSWORD, Place

CHOICE = (Decimal("7.25"), Decimal("9.75"))
"""Whichever is not in force already: the data is kept from run to run."""
WITHIN = 900.0
LOOK_SECONDS = 0.5
READ_SECONDS = 0.25
READ_DAYS = 30
FACTS_TABLES = ("daily_metrics",)
READ_TABLES = ("rollups", "rollup_blocks", "weekly_summaries", "monthly_summaries")
BUSY = ("loader", "aggregator")


@dataclass
class Reads:
    """What people met who read meanwhile."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def reprice(place: Place, figures: Figures, model: Model) -> None:
    """P11: seconds, sizes, and what readers met meanwhile."""
    place.stack.start(*BUSY)
    await place.stack.ready()
    async with Asking.signed_in(place.stack.url("gateway"), PASSWORD) as asking:
        before = await rates_of(place.owner, place.largest)
        first = place.largest.maker.first
        after = before.with_step(first, next(cpm for cpm in CHOICE if cpm != before.on(first)))
        check = Check(asking, place, model, after)
        wrong = await Check(asking, place, model, before).wrong()
        assert not wrong, f"the numbers were wrong before: {wrong[:3]}"
        await check.prepare()
        sizes = [await place.size_megabytes(tables) for tables in (FACTS_TABLES, READ_TABLES)]
        async with _reading(asking, place) as reads:
            seconds = await _changed(check)
        grown = [await place.size_megabytes(tables) for tables in (FACTS_TABLES, READ_TABLES)]
    _tell(figures, place, seconds, reads)
    for what, size, was in zip(("the facts", "rollups, blocks, summaries"), grown, sizes, strict=True):
        target = Target("<=", 1.05) if what == "the facts" else None
        label = f"size of {what} after it, {place.size.label}"
        figures.add("P11", label, size, "MB", baseline=was, target=target)


async def _changed(check: Check) -> float:
    """Seconds from the request until the last number is right."""
    client = check.place.largest
    began = time.monotonic()
    body = {"cpm": str(check.cpm), "effective_date": str(client.maker.first)}
    answer = await check.asking.post(f"/clients/{client.public_id}/cpm", body)
    assert answer.status == 202, f"the CPM was answered {answer.status}: {answer.body!r}"
    while wrong := await check.wrong():
        assert time.monotonic() - began < WITHIN, f"not right after {WITHIN:g} s: {wrong[:3]}"
        await asyncio.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _tell(figures: Figures, place: Place, seconds: float, reads: Reads) -> None:
    label = place.size.label
    figures.add(
        "P11", f"a CPM 13 months back, until all is right, {label}", seconds, "s", target=Target("<=", 60)
    )
    p95 = percentile(reads.seconds, 0.95) * 1000
    what = f"dashboard over {READ_DAYS} days meanwhile, {label}: p95 of {len(reads.seconds)}"
    figures.add("P11", what, p95, "ms")
    what = f"errors of these reads, {label}"
    figures.add("P11", what, len(reads.errors), "", target=Target("<=", 0))
    for error in reads.errors[:3]:
        console.print(f"  [red]{error}[/red]")


class Check:
    """All that the API shows of the largest client over 13 months, against the model at some rates."""

    def __init__(self, asking: Asking, place: Place, model: Model, rates: Rates) -> None:
        self.asking, self.place, self.model, self.rates = asking, place, model, rates
        self._leaders: list[tuple[str, int, Decimal]] = []

    @property
    def cpm(self) -> Decimal:
        """The CPM in force on the first day."""
        return self.rates.on(self.place.largest.maker.first)

    async def prepare(self) -> None:
        """Work out now what takes seconds."""
        days = list(self.model.sums)
        self._leaders = await asyncio.to_thread(self.model.leaders, days, self.rates)

    async def wrong(self) -> list[str]:
        """What is not right (yet); the cheap questions first."""
        if not self._leaders:
            await self.prepare()
        for look in (self._trend, self._page, self._summaries):
            if found := await look():
                return found
        return []

    async def _trend(self) -> list[str]:
        answer = await self.asking.about(self.place.largest, DAYS, "/dashboard/trends")
        return wrong_points(answer.json()["points"], self.model, self.rates)

    async def _page(self) -> list[str]:
        page = (await self.asking.dashboard(self.place.largest, DAYS)).json()
        days = list(self.model.sums)
        return [
            *differences("all", page["summary"], self.model.total(days, self.rates)),
            *wrong_sources(page["source_breakdown"]["data"], self.model, days, self.rates),
            *wrong_leaders(page["creatives"]["data"], self._leaders),
        ]

    async def _summaries(self) -> list[str]:
        wrong = []
        for path, period in (("weekly", "week"), ("monthly", "month")):
            answer = await self.asking.about(self.place.largest, DAYS, f"/metrics/{path}", page_size=500)
            wrong += wrong_summaries(answer.json()["data"], period, self.model, self.rates)
        return wrong


@asynccontextmanager
async def _reading(asking: Asking, place: Place) -> AsyncIterator[Reads]:
    """Somebody looks at the dashboard of the client all the time."""
    reads = Reads()

    async def look() -> None:
        while True:
            answer = await asking.dashboard(place.largest, READ_DAYS)
            reads.seconds.append(answer.seconds)
            if not answer.ok:
                reads.errors.append(f"{answer.status}: {answer.body[:200]!r}")
            await asyncio.sleep(READ_SECONDS)

    task = asyncio.create_task(look())
    try:
        yield reads
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
