"""Rows of clients over 13 months: the same for the same seed, a day in some milliseconds.

Creatives come and go: those of a day are a window of keys that moves on by a fifth of its width within the
13 months, and one in sixteen of them delivers nothing on a day. A tenth of the campaigns are Vibe's (no
clicks, but completions and media cost), a tenth Facebook's (media cost, too), the others Surfside's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from libs.metrics.measures import FACTS

DAYS = 396
"""13 months."""
CAMPAIGNS, STRATEGIES, PLACEMENTS = 20, 200, 2_000
SOURCES = ("surfside", "vibe", "facebook")
_VIBE, _FACEBOOK = (17, 18), (19, 20)
"""Campaigns by key; keys of all levels begin with 1."""
_FIRST, _SECOND, _THIRD = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""Of SplitMix64: every bit of the answer depends on every bit of the key."""


@dataclass(frozen=True)
class Maker:
    """A client: about ``creatives`` rows a day, on ``days`` days up to ``last``."""

    name: str
    seed: int
    creatives: int
    last: date
    days: int = DAYS
    """Of these 13 months, how many newest ones have rows."""

    @property
    def first(self) -> date:
        """The first day that has rows."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def keys(self) -> int:
        """How many creatives there are in all."""
        return self._width + self._width // 5

    @property
    def _width(self) -> int:
        return self.creatives * 16 // 15

    def every_day(self) -> list[date]:
        """Its days, in order."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def rows(self, day: date) -> pl.DataFrame:
        """``creative_id`` (sorted), ``source`` (a place in SOURCES) and FACTS of a day."""
        place = DAYS - 1 - (self.last - day).days
        start = 1 + self._width // 5 * place // DAYS
        ids = np.arange(start, start + self._width, dtype=np.uint64)
        mixed = _mixed(ids, self.seed * 1_000_003 + day.toordinal())
        delivers = (mixed >> np.uint64(60)) != 0
        return _frame(ids[delivers], mixed[delivers])

    def sums(self, day: date) -> Iterator[tuple[str, dict[str, int | None]]]:
        """For each source with rows on a day, ``rows`` and the sums of FACTS; None: never measured."""
        rows = self.rows(day)
        totals = [pl.when(pl.col(f).count() > 0).then(pl.col(f).sum()).alias(f) for f in FACTS]
        for row in rows.group_by("source").agg(pl.len().alias("rows"), *totals).sort("source").to_dicts():
            yield SOURCES[row.pop("source")], row


def source_of(campaign: int) -> str:
    """The source of a campaign."""
    return "vibe" if campaign in _VIBE else "facebook" if campaign in _FACEBOOK else "surfside"


def creative_name(key: int) -> str:
    """As a platform writes it."""
    return f"Creative 300x250 no. {key}"


def _mixed(keys: NDArray[np.uint64], salt: int) -> NDArray[np.uint64]:
    mixed = keys * np.uint64(_FIRST) + np.uint64(salt * _FIRST % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_SECOND)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_THIRD)
    return mixed ^ (mixed >> np.uint64(31))


def _frame(ids: NDArray[np.uint64], mixed: NDArray[np.uint64]) -> pl.DataFrame:
    """Campaigns take turns along the keys, because placements and strategies do."""
    campaign = (ids - np.uint64(1)) % np.uint64(CAMPAIGNS) + np.uint64(1)
    source = np.select([np.isin(campaign, _VIBE), np.isin(campaign, _FACEBOOK)], [1, 2], 0)
    frame = pl.DataFrame(
        {
            "creative_id": ids.astype(np.int32),
            "source": source.astype(np.int8),
            "impressions": (mixed % np.uint64(20_000)).astype(np.int64) + 1,
            "clicks": ((mixed >> np.uint64(20)) % np.uint64(40)).astype(np.int64),
            "conversions": ((mixed >> np.uint64(28)) % np.uint64(7)).astype(np.int64),
            "cents": ((mixed >> np.uint64(34)) % np.uint64(9_000)).astype(np.int64),
        }
    )
    vibe, paid = pl.col("source") == 1, pl.col("source") > 0
    return frame.select(
        "creative_id",
        "source",
        "impressions",
        clicks=pl.when(~vibe).then("clicks"),
        conversions="conversions",
        conversion_revenue_micros=pl.col("conversions") * pl.col("cents") * 10_000,
        media_cost_micros=pl.when(paid).then(pl.col("impressions") * 4_100),
        video_completions=pl.when(vibe).then(pl.col("impressions") * 7 // 10),
    )
