"""Which periods a change touches, how a request is split, and what a summary says."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from libs.metrics.periods import DAY, Period, end_of, start_of
from libs.metrics.ranking import Thresholds, top, underperformers
from libs.metrics.registry import METRICS, Audience, Metric
from libs.metrics.values import NO_PREVIOUS_PERIOD, coverage, delta, rounded, shown, unrounded
from services.aggregator.frames import RANKED_BY

SHOWN: tuple[Metric, ...] = tuple(m for m in METRICS if m.audience is Audience.EVERYONE)
"""What summaries hold. Media cost and margin are left out, because a client's users read summaries whole."""

SHARE_DECIMALS = 6
Json = dict[str, Any]


def periods_of(period: Period, days: Iterable[date]) -> list[date]:
    """Starts of the periods that these days belong to, in order."""
    return sorted({start_of(period, day) for day in days})


def months_between(first: date, last: date) -> list[tuple[date, date]]:
    """A range (both days inclusive) cut at the ends of months."""
    pieces = []
    while first <= last:
        stop = min(last, end_of("month", first) - DAY)
        pieces.append((first, stop))
        first = stop + DAY
    return pieces


@dataclass(frozen=True)
class Standing:
    """The sums of a whole period, as the rollups have them."""

    days: int
    """How many of its days have rows."""
    sums: Mapping[str, int | None]


@dataclass(frozen=True)
class Summary:
    """The columns of weekly_summaries and monthly_summaries, deltas apart."""

    sums: Json
    ratios: Json
    top_campaigns: Json
    top_creatives: Json
    underperformers: list[Json]


def summary(
    now: Standing, campaigns: pl.DataFrame, creatives: pl.DataFrame, thresholds: Thresholds
) -> Summary:
    """A period's summary; campaigns and (leading) creatives by their internal keys, see ``name_keys``."""
    poor = underperformers(campaigns, thresholds, "campaign_id")
    return Summary(
        sums={"days": now.days} | {m.name: unrounded(m, now.sums) for m in SHOWN if m.additive},
        ratios={m.name: shown(m, now.sums) for m in SHOWN if not m.additive}
        | {"coverage": _coverage(now.sums)},
        top_campaigns=_tops(campaigns, "campaign_id"),
        top_creatives=_tops(creatives, "creative_id"),
        underperformers=[_entry(match.sums, "campaign_id") | {"reason": match.reason} for match in poor],
    )


def _coverage(sums: Mapping[str, int | None]) -> Json:
    return {m.name: rounded(coverage(m, sums), SHARE_DECIMALS) for m in SHOWN if not m.additive}


def _tops(frame: pl.DataFrame, key: str) -> Json:
    tops = {
        name: top(frame, column, key).rows(named=True)
        for name, column in zip(("by_conversions", "by_revenue"), RANKED_BY, strict=True)
    }
    listed = {row[key]: row for rows in tops.values() for row in rows}  # many are in both
    entries = {internal: _entry(row, key) for internal, row in listed.items()}
    return {name: [entries[row[key]] for row in rows] for name, rows in tops.items()}


def _entry(row: Mapping[str, Any], key: str) -> Json:
    values = {m.name: unrounded(m, row) if m.additive else shown(m, row) for m in SHOWN}
    return {key: row[key], **values}


def deltas(now: Standing, before: Standing | None) -> Json:
    """``<metric>_delta`` and ``<metric>_delta_pct`` against the period before, with reasons for nulls.

    ``days`` and ``previous_days`` say how much of each period is there: a running week against a whole one.
    """
    comparable = before is not None and before.days > 0
    found: Json = {
        "reason": None if comparable else NO_PREVIOUS_PERIOD,
        "days": now.days,
        "previous_days": before.days if before else 0,
        "reasons": {},
    }
    for metric in SHOWN:
        change = delta(metric, now.sums, before.sums if before and comparable else None)
        found[f"{metric.name}_delta"] = change.absolute
        found[f"{metric.name}_delta_pct"] = change.percent
        if comparable and change.reason:
            found["reasons"][metric.name] = change.reason
    return found


def name_keys(found: Summary, campaigns: Mapping[int, str], creatives: Mapping[int, str]) -> Summary:
    """The same with public ids in place of internal keys; what was deleted meanwhile is left out."""

    def named(entries: Collection[Json], key: str, ids: Mapping[int, str]) -> list[Json]:
        return [{**entry, key: ids[entry[key]]} for entry in entries if entry[key] in ids]

    return Summary(
        found.sums,
        found.ratios,
        {name: named(top, "campaign_id", campaigns) for name, top in found.top_campaigns.items()},
        {name: named(top, "creative_id", creatives) for name, top in found.top_creatives.items()},
        named(found.underperformers, "campaign_id", campaigns),
    )


def keys_in(found: Summary, key: str) -> set[int]:
    """The internal keys that a summary speaks of: ``campaign_id`` or ``creative_id``."""
    lists = [*found.top_campaigns.values(), *found.top_creatives.values(), found.underperformers]
    return {entry[key] for entries in lists for entry in entries if key in entry}


def as_json(value: Any) -> str:
    """JSON text with decimals as exact numbers, which the standard library cannot write."""
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{_name(k)}:{as_json(v)}" for k, v in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_json, value)) + "]"
    return json.dumps(value)


@lru_cache(maxsize=1000)
def _name(key: object) -> str:
    """A key as JSON text; the same few come again and again."""
    return json.dumps(str(key))
