"""What the API must show of a client, computed from what makes its rows, and how an answer differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import polars as pl

from libs.metrics.measures import FACTS
from tests.bench.made import Maker, creative_name

CENT = Decimal("0.01")
SHOWN = ("impressions", "clicks", "conversions", "conversion_revenue", "spend", "media_cost")
Shown = dict[str, Decimal | None]


@dataclass(frozen=True)
class Rates:
    """A client's general CPMs: (first day, CPM), oldest first."""

    steps: tuple[tuple[date, Decimal], ...]

    def on(self, day: date) -> Decimal:
        """The CPM in force."""
        return [cpm for first, cpm in self.steps if first <= day][-1]

    def with_step(self, first: date, cpm: Decimal) -> Rates:
        """The same with another CPM from a day on."""
        others = [step for step in self.steps if step[0] != first]
        return Rates(tuple(sorted([*others, (first, cpm)])))


@dataclass(frozen=True)
class Model:
    """The sums of a client by day and source."""

    maker: Maker
    sums: Mapping[date, Mapping[str, Mapping[str, int | None]]]

    @classmethod
    def of(cls, maker: Maker) -> Model:
        """A few seconds for 60 million rows."""
        return cls(maker, {day: dict(maker.sums(day)) for day in maker.every_day()})

    def days(self, first: date, last: date) -> list[date]:
        """The days of a range (both included) that have rows."""
        return [day for day in self.sums if first <= day <= last]

    def rows(self, days: Iterable[date]) -> int:
        """How many rows these days have."""
        return sum(sums["rows"] or 0 for day in days for sums in self.sums[day].values())

    def total(self, days: Iterable[date], rates: Rates, source: str | None = None) -> Shown:
        """SHOWN of these days, rounded as the API does it."""
        found: dict[str, Decimal | None] = dict.fromkeys((*FACTS, "spend"))
        for day in days:
            for name, sums in self.sums[day].items():
                if source in (None, name):
                    spend = Decimal(sums["impressions"] or 0) * rates.on(day) / 1000
                    _add(found, {**{fact: sums[fact] for fact in FACTS}, "spend": spend})
        return {name: _shown(name, found) for name in SHOWN}

    def leaders(self, days: Iterable[date], rates: Rates, count: int = 10) -> list[tuple[str, int, Decimal]]:
        """Name, impressions and spend of the creatives with the most spend; ties by key."""
        impressions = np.zeros(self.maker.keys + 1, np.int64)
        spend_e7 = np.zeros(self.maker.keys + 1, np.int64)
        for day in days:
            rows = self.maker.rows(day)
            keys, seen = rows["creative_id"].to_numpy(), rows["impressions"].to_numpy()
            impressions[keys] += seen
            spend_e7[keys] += seen * int(rates.on(day) * 10_000)
        order = pl.DataFrame({"spend": spend_e7, "key": np.arange(len(spend_e7))})
        best = order.sort("spend", "key", descending=[True, False]).head(count)["key"]
        return [
            (creative_name(key), int(impressions[key]), _rounded(Decimal(int(spend_e7[key])) / 10**7))
            for key in best.to_list()
            if impressions[key]
        ]


def _add(found: dict[str, Decimal | None], more: Mapping[str, Decimal | int | None]) -> None:
    for name, value in more.items():
        if value is not None:
            found[name] = (found[name] or Decimal(0)) + value


def _shown(name: str, sums: Mapping[str, Decimal | None]) -> Decimal | None:
    value = sums.get(name, sums.get(f"{name}_micros"))
    if value is None or name in ("impressions", "clicks", "conversions"):
        return value
    return _rounded(value if name == "spend" else value / 10**6)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def differences(what: str, shown: Mapping[str, Any], wanted: Shown) -> list[str]:
    """A line for each figure that is not what it must be."""
    return [
        f"{what}: {name} is {shown[name]}, not {value}"
        for name, value in wanted.items()
        if shown[name] != value
    ]


def wrong_points(points: Sequence[Mapping[str, Any]], model: Model, rates: Rates) -> list[str]:
    """Where a trend by day is not the model's."""
    wrong: list[str] = []
    for point in points:
        day = date.fromisoformat(point["date"])
        if day in model.sums:
            wrong += differences(str(day), point, model.total([day], rates))
        elif point["impressions"] is not None:
            wrong.append(f"{day}: {point['impressions']} impressions of a day without rows")
    return wrong


def wrong_sources(
    data: Sequence[Mapping[str, Any]], model: Model, days: Sequence[date], rates: Rates
) -> list[str]:
    """Where a breakdown by source is not the model's."""
    wrong = []
    for row in data:
        wanted = model.total(days, rates, row["source"])
        wrong += differences(row["source"], row, wanted)
    return wrong


def wrong_leaders(data: Sequence[Mapping[str, Any]], wanted: Sequence[tuple[str, int, Decimal]]) -> list[str]:
    """Where the first creatives of a list are not the model's."""
    shown = [(row["creative_name"], row["impressions"], row["spend"]) for row in data[: len(wanted)]]
    return [] if shown == list(wanted) else [f"the first creatives are {shown}, not {list(wanted)}"]


def wrong_summaries(data: Sequence[Mapping[str, Any]], period: str, model: Model, rates: Rates) -> list[str]:
    """Where weekly or monthly summaries are not the model's."""
    wrong, grouped = [], defaultdict(list)
    for row in data:
        first, last = (date.fromisoformat(row[f"{period}_{end}"]) for end in ("start", "end"))
        grouped[first] = model.days(first, last)
        spend = sum(
            (
                Decimal(sums["impressions"] or 0) * rates.on(day) / 1000
                for day in grouped[first]
                for sums in model.sums[day].values()
            ),
            Decimal(0),
        )
        if row["sums"]["spend"] != _rounded(spend):
            wrong.append(f"{period} of {first}: spend is {row['sums']['spend']}, not {_rounded(spend)}")
    missing = set(model.sums) - {day for days in grouped.values() for day in days}
    return [*wrong, *(f"no {period} has {day}" for day in sorted(missing))]
