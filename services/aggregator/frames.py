"""From facts to measures, rollups and sums of campaigns; polars and numpy, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from libs.errors import Transient
from libs.metrics.blocks import encode
from libs.metrics.combine import sum_by_creative
from libs.metrics.measures import FACTS, SUMS, measure_rows, sum_measures
from libs.metrics.ranking import top
from libs.metrics.rows import at_grain, by_date, unpacked

ROLLUP_SCHEMA = {
    "date": pl.Date,
    "campaign_id": pl.Int32,
    "source": pl.String,
    **dict.fromkeys(SUMS, pl.Int64),
}
"""Columns of ``rollups`` but for client_id."""

NO_ROLLUPS = pl.DataFrame(schema=ROLLUP_SCHEMA)
"""Made once: 24 columns without rows take a millisecond."""

RANKED_BY = ("conversions", "conversion_revenue_micros")
"""What the top lists of a summary are ordered by."""


class UnknownCreative(Transient):
    """A row's creative is not in the hierarchy; the loader commits both in one transaction."""


@dataclass(frozen=True)
class Hierarchy:
    """Where the creatives of a client hang."""

    campaign_of: NDArray[np.int32]
    """Campaign by creative (keys are dense); 0: there is no such creative."""
    source_of: dict[int, str]
    """Source by campaign."""
    epoch: int = -1
    """It is raised when something is deleted."""

    @classmethod
    def of(cls, creatives: pl.DataFrame, source_of: dict[int, str]) -> Hierarchy:
        """From columns ``id`` and ``campaign_id``."""
        ids = creatives["id"].to_numpy()
        campaign_of = np.zeros(int(ids.max()) + 1 if len(ids) else 1, np.int32)
        campaign_of[ids] = creatives["campaign_id"].to_numpy()
        return cls(campaign_of, source_of)

    def campaigns(self, creatives: pl.Series) -> NDArray[np.int32]:
        """The campaign of each creative. Raises UnknownCreative."""
        ids = creatives.to_numpy()
        known = len(ids) == 0 or int(ids.max()) < len(self.campaign_of)
        found = self.campaign_of[ids] if known else np.zeros(1, np.int32)
        if len(ids) and not found.all():
            raise UnknownCreative("there are rows of creatives that are not in the hierarchy")
        return found


@dataclass(frozen=True)
class Day:
    """What one day's facts come to."""

    block: bytes
    rollups: pl.DataFrame
    """One row per campaign, of ROLLUP_SCHEMA."""


@dataclass(frozen=True)
class Whole:
    """What a week or a month comes to."""

    block: bytes
    leaders: pl.DataFrame
    """``creative_id`` and SUMS of the creatives that can stand in a top list: not a million, but ten."""
    campaigns: pl.DataFrame
    """``campaign_id`` and SUMS."""


def rows_by_day(payloads: list[bytes]) -> dict[date, pl.DataFrame]:
    """``creative_id`` and FACTS of each day in a run's batches, as the loader writes them: one row per
    creative, sorted by it. The payloads are let go. Raises NumberTooLarge.
    """
    parts = []
    while payloads:
        parts.append(unpacked(payloads.pop()))
    if not parts:
        return {}
    rows, _ = at_grain(parts)
    return {day: part.drop("date") for day, part in by_date(rows).items()}


def summed_day(facts: pl.DataFrame, day: date, hierarchy: Hierarchy, cpms: Mapping[str, int | None]) -> Day:
    """Facts (``creative_id``, FACTS) priced with the CPM × 10,000 of each source, as block and rollups."""
    campaigns = hierarchy.campaigns(facts["creative_id"])
    rows = facts.select("creative_id", *FACTS).with_columns(
        pl.Series("campaign_id", campaigns, pl.Int32), _cpm_of_rows(campaigns, hierarchy, cpms)
    )
    measured = measure_rows(rows)
    by_campaign = sum_measures(measured, ["campaign_id"])
    sources = [hierarchy.source_of[campaign] for campaign in by_campaign["campaign_id"]]
    rollups = by_campaign.with_columns(
        pl.lit(day).alias("date"), pl.Series("source", sources, pl.String)
    ).select(*ROLLUP_SCHEMA)
    return Day(encode(measured), rollups)


def _cpm_of_rows(
    campaigns: NDArray[np.int32], hierarchy: Hierarchy, cpms: Mapping[str, int | None]
) -> pl.Series:
    unpriced = -1
    of_campaign = np.full(max(hierarchy.source_of, default=0) + 1, unpriced, np.int64)
    for campaign, source in hierarchy.source_of.items():
        cpm = cpms.get(source)
        of_campaign[campaign] = unpriced if cpm is None else cpm
    series = pl.Series("cpm_e4", of_campaign[campaigns], pl.Int64)
    return series.set(series == unpriced, None)


def summed_blocks(payloads: Sequence[bytes], hierarchy: Hierarchy) -> Whole:
    """The blocks that make up a period as one, with the sums of its campaigns.

    Creatives that are gone from the hierarchy are left out: their days are about to be refreshed.
    """
    creatives = sum_by_creative(payloads)
    ids = creatives["creative_id"].to_numpy()
    reach = np.minimum(ids, len(hierarchy.campaign_of) - 1)
    campaigns = np.where(ids == reach, hierarchy.campaign_of[reach], 0)
    if not campaigns.all():
        creatives = creatives.filter(pl.Series(campaigns > 0))
        campaigns = campaigns[campaigns > 0]
    by_campaign = creatives.with_columns(pl.Series("campaign_id", campaigns, pl.Int32))
    leaders = [top(creatives, column, "creative_id") for column in RANKED_BY]
    return Whole(
        encode(creatives),
        pl.concat(leaders).unique("creative_id"),
        sum_measures(by_campaign, ["campaign_id"]),
    )


def changed_days(standing: pl.DataFrame, fresh: pl.DataFrame, days: Sequence[date]) -> list[date]:
    """The days whose rollups are not those that stand; both frames of ROLLUP_SCHEMA."""
    before, after = _by_day(standing), _by_day(fresh)
    return [
        day
        for day in days
        if not before.get(day, NO_ROLLUPS).equals(after.get(day, NO_ROLLUPS), null_equal=True)
    ]


def _by_day(rollups: pl.DataFrame) -> dict[date, pl.DataFrame]:
    parts = rollups.sort("date", "campaign_id").partition_by("date", as_dict=True)
    return {key[0]: part for key, part in parts.items()}
