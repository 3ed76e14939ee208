"""A seeded writer of Vibe's reports, shaped after the real download, that knows their exact totals."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from deploy.world.totals import Row, Totals, totals_of

Layout = Literal["download", "documented"]

DOWNLOAD = (
    *("impression_date", "advertiser_id", "advertiser_name", "app_id", "app_name", "campaign_id"),
    *("campaign_name", "channel_id", "channel_name", "creative_id", "creative_name", "creative_duration"),
    *("geo_city", "geo_metro", "geo_region", "geo_zip", "os", "screen", "strategy_id", "strategy_name"),
    *("spend", "impressions", "completed_views", "first_quartile_views", "midpoint_views"),
    *("third_quartile_views", "video_starts", "households", "frequency", "installs", "cost_per_install"),
    *("sessions", "cost_per_session", "page_views", "leads", "cost_per_lead", "signups", "add_to_carts"),
    *("number_of_purchases", "amount_of_purchases", "cost_per_purchase", "roas", "cpm", "cpcv", "vcr"),
    "viewability",
)
"""All 46. There is no click metric."""
DOCUMENTED = (
    *("date", "campaign_name", "strategy_name", "placement_name", "creative_name"),
    *("impressions", "clicks", "conversions", "revenue"),
)
_CHANNELS = ("Pluto TV", "Tubi", "ESPN", "Hulu", "Paramount+")
_PLACES = (("New York", "NY", "10001"), ("Austin", "TX", "73301"), ("Boise", "ID", "83702"))
_SYSTEMS = ("Roku", "Fire TV", "tvOS")


@dataclass(frozen=True)
class VibeReport:
    """A report and what is in it."""

    body: bytes
    by_day: dict[date, Totals]

    @property
    def totals(self) -> Totals:
        """Of all days together."""
        parts = self.by_day.values()
        return Totals(
            **{name: sum(getattr(part, name) for part in parts) for name in Totals.__dataclass_fields__}
        )


def vibe_report(
    advertiser: str,
    start: date,
    end: date,
    *,
    seed: int = 7,
    revision: int = 0,
    layout: Layout = "download",
    creatives: int = 3,
) -> VibeReport:
    """The report of some days (both included). Another ``revision`` has other figures: a restatement."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    rows = {day: _rows(advertiser, day, seed, revision, layout, creatives) for day in days}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DOWNLOAD if layout == "download" else DOCUMENTED)
    cells = _download_cells if layout == "download" else _documented_cells
    for day in days:
        writer.writerows(cells(row, advertiser, number) for number, row in enumerate(rows[day]))
    return VibeReport(out.getvalue().encode(), {day: totals_of(rows[day]) for day in days})


def _rows(
    advertiser: str, day: date, seed: int, revision: int, layout: Layout, creatives: int
) -> Sequence[Row]:
    """Several lines per grain in the download: they are split by place and system."""
    chance = random.Random(f"{seed}|{advertiser}|{day}|{revision}")  # noqa: S311 - figures, not secrets
    found = []
    for campaign in range(2):
        for channel in chance.sample(_CHANNELS, 2):
            for creative in range(creatives):
                for split in range(chance.randrange(1, 4) if layout == "download" else 1):
                    found.append(_row(day, campaign, channel, creative, split, chance, layout))
    return found


def _row(
    day: date, campaign: int, channel: str, creative: int, split: int, chance: random.Random, layout: Layout
) -> Row:
    impressions = chance.randrange(0, 4000)
    conversions = chance.randrange(0, 4)
    return Row(
        day=day,
        campaign=f"Vibe Campaign {campaign + 1}",
        strategy=f"Streaming {campaign + 1}",
        placement=channel,
        creative=f"Spot {creative + 1} 30s",
        size=str(split),
        impressions=impressions,
        clicks=chance.randrange(0, 9) if layout == "documented" else 0,
        conversions=conversions,
        revenue_micros=conversions * chance.randrange(1_000, 90_000) * 10_000,
        media_cost_micros=impressions * chance.randrange(15_000, 30_000) if layout == "download" else None,
    )


def _download_cells(row: Row, advertiser: str, number: int) -> list[str]:
    city, region, postcode = _PLACES[int(row.size) % 3]
    cost = Decimal(row.media_cost_micros or 0) / 1_000_000
    metrics = {
        "spend": f"{cost:f}",
        "impressions": f"{row.impressions}.0",
        "completed_views": f"{row.impressions * 9 // 10}.0",
        "households": f"{row.impressions // 2}.0",
        "installs": f"{row.impressions // 500}.0",
        "number_of_purchases": f"{row.conversions}.0",
        "amount_of_purchases": f"{Decimal(row.revenue_micros) / 1_000_000:f}",
    }
    named = {
        "impression_date": row.day.isoformat(),
        "advertiser_id": advertiser,
        "advertiser_name": f"Advertiser {advertiser}",
        "campaign_name": row.campaign,
        "channel_name": row.placement,
        "creative_name": row.creative,
        "strategy_name": row.strategy,
        "geo_city": city,
        "geo_region": region,
        "geo_zip": postcode,
        "os": _SYSTEMS[number % 3],
    }
    return [{**named, **metrics}.get(title, "") for title in DOWNLOAD]


def _documented_cells(row: Row, advertiser: str, number: int) -> list[str]:
    return [
        row.day.isoformat(),
        row.campaign,
        row.strategy,
        row.placement,
        row.creative,
        str(row.impressions),
        str(row.clicks),
        str(row.conversions),
        f"{Decimal(row.revenue_micros) / 1_000_000:f}",
    ]
