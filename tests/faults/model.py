"""What must stand after a set of deliveries: plain Python, nothing of the product in it.

Rules: rows of one run that share the grain are summed; covered dates are
replaced, rows of other dates are put over older ones; of two deliveries the one delivered later wins,
whatever order they arrive in; spend is impressions × the rate of the day / 1000, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

METRICS = (
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue_micros",
    "media_cost_micros",
    "video_completions",
)
Values = tuple[int | None, ...]
"""In the order of METRICS; None: not measured."""
Path = tuple[str, str, str, str]
"""Names of campaign, strategy, placement and creative."""


class Row(NamedTuple):
    """A line of a report."""

    day: date
    path: Path
    values: Values


class Fact(NamedTuple):
    """The identity of a row of daily_metrics, by names."""

    client: UUID
    source: str
    account: str
    day: date
    path: Path


@dataclass(frozen=True)
class Run:
    """One delivery, cut into batches."""

    run_id: UUID
    client: UUID
    source: str
    account: str
    delivered_at: datetime
    batches: tuple[tuple[Row, ...], ...]
    coverage: frozenset[date]
    rejected: int = 0
    currency: str | None = None
    """Another than the client's: the run fails, and no row of it stands."""

    @property
    def rows(self) -> list[Row]:
        return [row for batch in self.batches for row in batch]

    def facts(self) -> dict[Fact, Values]:
        """Its rows at the grain."""
        summed: dict[Fact, Values] = {}
        for row in self.rows:
            key = Fact(self.client, self.source, self.account, row.day, row.path)
            summed[key] = added(summed[key], row.values) if key in summed else row.values
        return summed


@dataclass(frozen=True)
class Rate:
    """A CPM from a day on; for all sources that have none of their own where ``source`` is None."""

    client: UUID
    source: str | None
    effective: date
    cpm: Decimal


def added(one: Values, other: Values) -> Values:
    """Sums; what neither measured stays None."""
    return tuple(
        (a or 0) + (b or 0) if a is not None or b is not None else None
        for a, b in zip(one, other, strict=True)
    )


def standing(runs: Iterable[Run]) -> dict[Fact, Values]:
    """The facts after these runs."""
    stands: dict[tuple[UUID, str, str, date], dict[Fact, Values]] = {}
    for run in sorted(runs, key=lambda r: r.delivered_at):
        for day in run.coverage:
            stands[run.client, run.source, run.account, day] = {}
        for fact, values in run.facts().items():
            stands.setdefault((run.client, run.source, run.account, fact.day), {})[fact] = values
    return {fact: values for slice_ in stands.values() for fact, values in slice_.items()}


def rate_of(rates: Iterable[Rate], client: UUID, source: str, day: date) -> Decimal | None:
    """The latest rate for the source on or before the day if there is any, else the latest general one."""
    known = [r for r in rates if r.client == client and r.effective <= day]
    own = [r for r in known if r.source == source] or [r for r in known if r.source is None]
    return max(own, key=lambda r: r.effective).cpm if own else None


def spend_e7(impressions: int | None, cpm: Decimal | None) -> int | None:
    """Exact spend in ten-millionths of the currency: impressions × CPM / 1000, with four decimals of CPM."""
    return None if impressions is None or cpm is None else impressions * int(cpm * 10_000)


PARTS = {
    "ctr": {"clicks": "clicks", "impressions": "impressions"},
    "cpc": {"spend_e7": "spend_e7", "clicks": "clicks", "impressions": "impressions"},
    "cpa": {"spend_e7": "spend_e7", "conversions": "conversions", "impressions": "impressions"},
    "cpm": {"spend_e7": "spend_e7", "impressions": "impressions"},
    "roas": {
        "revenue_micros": "conversion_revenue_micros",
        "spend_e7": "spend_e7",
        "impressions": "impressions",
    },
    "margin": {"spend_e7": "spend_e7", "cost_micros": "media_cost_micros", "impressions": "impressions"},
}
"""Of each ratio: what is summed over the rows in which all of it was measured."""
SUMS = (
    "rows",
    *METRICS,
    "spend_e7",
    *(f"{ratio}_{part}" for ratio, parts in PARTS.items() for part in parts),
)
Sums = dict[str, int | None]


def measured(values: Values, cpm: Decimal | None) -> Sums:
    """What one row adds to each of SUMS."""
    base: Sums = dict(zip(METRICS, values, strict=True))
    found: Sums = {"rows": 1, **base, "spend_e7": spend_e7(base["impressions"], cpm)}
    for ratio, parts in PARTS.items():
        whole = all(found[name] is not None for name in parts.values())
        found |= {f"{ratio}_{part}": found[name] if whole else None for part, name in parts.items()}
    return found


def total(parts: Iterable[Sums]) -> Sums:
    """Sums over parts; None where no part has a value."""
    found: Sums = dict.fromkeys(SUMS)
    for part in parts:
        for name, value in part.items():
            if value is not None:
                found[name] = (found[name] or 0) + value
    return found


def summed(facts: Mapping[Fact, Values], rates: Iterable[Rate]) -> dict[tuple[object, ...], Sums]:
    """SUMS by (client, source, account, day, campaign)."""
    known = list(rates)
    groups: dict[tuple[object, ...], list[Sums]] = {}
    for fact, values in facts.items():
        cpm = rate_of(known, fact.client, fact.source, fact.day)
        key = (fact.client, fact.source, fact.account, fact.day, fact.path[0])
        groups.setdefault(key, []).append(measured(values, cpm))
    return {key: total(parts) for key, parts in groups.items()}


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)
