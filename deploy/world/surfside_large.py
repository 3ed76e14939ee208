"""Large Surfside files, written at millions of rows per second, for benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from deploy.world.totals import Totals


@dataclass(frozen=True)
class LargeFile:
    """A documented-layout CSV of one day or several."""

    first_day: date
    body: bytes
    totals: Totals


def large_file(
    first_day: date,
    *,
    days: int = 1,
    creatives: int = 50_000,
    seed: int = 1,
    prefix: str = "",
    changed: float = 0,
    revision: int = 1,
) -> LargeFile:
    """A file of ``days × creatives`` rows; ``changed``: the share of rows with other figures than without.

    The hierarchy is 20 campaigns, 200 strategies, 2,000 placements; ``prefix`` makes another one. Another
    ``revision`` changes other rows, by another amount.
    """
    frame = _frame(first_day, days, creatives, seed, prefix, (changed, revision))
    shown = frame.with_columns(
        revenue=pl.format(
            "{}.{}", pl.col("cents") // 100, (pl.col("cents") % 100).cast(pl.String).str.zfill(2)
        )
    )
    titles = {
        "date": "Date",
        "campaign": "Campaign",
        "strategy": "Strategy",
        "placement": "Placement",
        "creative": "Creative",
        "impressions": "Impressions",
        "clicks": "Clicks",
        "conversions": "Conversions",
        "revenue": "Conversion Revenue",
    }
    body = shown.select(pl.col(name).alias(title) for name, title in titles.items()).write_csv()
    return LargeFile(first_day, body.encode(), _totals(frame))


def large_days(
    first_day: date, *, days: int = 20, creatives: int = 50_000, seed: int = 1
) -> Iterator[LargeFile]:
    """One file per day, the same creatives on every day."""
    for number in range(days):
        yield large_file(first_day + timedelta(days=number), creatives=creatives, seed=seed)


def _frame(
    first_day: date, days: int, creatives: int, seed: int, prefix: str, restated: tuple[float, int]
) -> pl.DataFrame:
    changed, revision = restated
    n = pl.col("n")
    creative = n % creatives
    day = pl.lit(first_day) + pl.duration(days=n // creatives)
    mixed = (n * 2_654_435_761 + seed * 40_503 + first_day.toordinal() * 97).cast(pl.UInt64)
    place = (mixed + (revision - 1) * 15_485_863) % 1_000_003
    other = (place < int(changed * 1_000_003)).cast(pl.Int64) * revision
    frame = pl.select(pl.int_range(days * creatives, dtype=pl.Int64).alias("n"))
    return frame.select(
        day.cast(pl.Date).alias("date"),
        pl.format("{}Campaign {}", pl.lit(prefix), creative % 20).alias("campaign"),
        pl.format("{}Strategy {}", pl.lit(prefix), creative % 200).alias("strategy"),
        pl.format("{}Placement {}", pl.lit(prefix), creative % 2_000).alias("placement"),
        pl.format("{}Creative 300x250 no. {}", pl.lit(prefix), creative).alias("creative"),
        (mixed % 19_997 + 1 + other).cast(pl.Int64).alias("impressions"),
        (mixed // 7 % 40).cast(pl.Int64).alias("clicks"),
        (mixed // 11 % 7).cast(pl.Int64).alias("conversions"),
        ((mixed // 13 % 7) * (mixed // 17 % 9_000)).cast(pl.Int64).alias("cents"),
    )


def _totals(frame: pl.DataFrame) -> Totals:
    sums = frame.select(pl.col("impressions", "clicks", "conversions", "cents").sum()).row(0, named=True)
    return Totals(
        lines=frame.height,
        rows=frame.height,
        impressions=sums["impressions"],
        clicks=sums["clicks"],
        conversions=sums["conversions"],
        conversion_revenue_micros=sums["cents"] * 10_000,
    )
