"""Vibe's columns: the documented names, and those of the real download (46 of them)."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.connector.account import SourceSettings
from libs.connector.formats import mapped
from libs.tabular import Field, TableSpec

PARSER_VERSION = 1
"""Raised when the same bytes would give other rows: the same delivery is then a new run."""

NO_CAMPAIGN = "Unassigned"

_FIELDS = (
    Field("date", "date", ("impression_date", "date", "day"), required=True),
    Field("campaign", "name", ("campaign_name", "campaign"), required=True),
    Field("strategy", "name", ("strategy_name", "strategy"), required=True),
    # A report has no placements unless it was asked for them: then the channel is what people know.
    Field("placement", "name", ("placement_name", "channel_name", "placement", "channel"), required=True),
    Field("creative", "name", ("creative_name", "creative"), required=True),
    Field("impressions", "count", ("impressions",), required=True),
    # The real download has none: the metric is then absent, and CTR undefined. Installs are not clicks.
    Field("clicks", "count", ("clicks",)),
    Field("conversions", "count", ("conversions", "number_of_purchases"), required=True),
    Field(
        "conversion_revenue", "money", ("revenue", "conversion_revenue", "amount_of_purchases"), required=True
    ),
    # The platform's cost, not the client's spend.
    Field("media_cost", "money", ("spend",)),
    Field("video_completions", "count", ("completed_views", "video_completions")),
)
ADVERTISER = Field("advertiser", "name", ("advertiser_id", "advertiserId"), blank_allowed=True)
"""Not loaded: whose report it is."""

_NOT_USED = (
    *("advertiser_name", "app_id", "app_name", "campaign_id", "campaign_goal", "strategy_id", "channel_id"),
    *("creative_id", "creative_duration", "geo_country", "geo_city", "geo_metro", "geo_region", "geo_zip"),
    *("os", "screen", "device_type", "currency", "households", "frequency", "cpm", "ecpm", "cpcv", "vcr"),
    *("first_quartile_views", "midpoint_views", "third_quartile_views", "video_starts", "sessions"),
    *("page_views", "leads", "number_of_leads", "signups", "add_to_carts", "installs", "cost_per_install"),
    *("cost_per_purchase", "cost_per_session", "cost_per_lead", "roas", "ctr", "viewability", "win_rate"),
)
"""Known and left aside: ratios, what does not add up (households), and splits of the same rows (zip, os)."""


def table_spec(settings: SourceSettings, today: date) -> TableSpec:
    """How a client's reports are read; ``today``: the account's.

    ``column_map`` gives a field's title in this client's reports, before all others.
    """
    return TableSpec(
        fields=(*mapped(_FIELDS, settings.column_map), ADVERTISER),
        today=today,
        ignored=_NOT_USED,
        date_order=None if settings.date_format else "MDY",  # an American platform; it writes ISO
        date_format=settings.date_format,
        strict=settings.strict,
        allow_gzip=True,
    )


def names_for_absent(settings: SourceSettings) -> dict[str, str]:
    """Names of the levels that a report may leave out by its column_map."""
    return {"campaign": settings.default_campaign or NO_CAMPAIGN}


def settings_that_matter(settings: SourceSettings, timezone: str) -> dict[str, Any]:
    """What changes the rows that are read from the same bytes."""
    return {
        "column_map": settings.column_map,
        "date_format": settings.date_format,
        "default_campaign": settings.default_campaign,
        "strict": settings.strict,
        "max_bad_share": str(settings.max_bad_share),
        "timezone": timezone,
    }
