"""Surfside's columns: the documented names, snake case, and those of real exports."""

from __future__ import annotations

from datetime import date

from libs.connector.account import SourceSettings
from libs.connector.formats import mapped
from libs.tabular import Field, TableSpec

PARSER_VERSION = 1
"""Raised when the same bytes would give other rows: the same delivery is then a new run."""

NO_CAMPAIGN = "Unassigned"

_FIELDS = (
    Field("date", "date", ("Date", "Event Date", "Report Date", "Day"), required=True),
    Field("campaign", "name", ("Campaign", "Campaign Name")),
    Field("strategy", "name", ("Strategy", "Strategy Name"), required=True),
    Field("placement", "name", ("Placement", "Placement Name"), required=True),
    Field("creative", "name", ("Creative", "Creative Name"), required=True),
    Field("impressions", "count", ("Impressions",), required=True),
    Field("clicks", "count", ("Clicks",), required=True),
    Field("conversions", "count", ("Conversions",), required=True),
    Field(
        "conversion_revenue",
        "money",
        ("Conversion Revenue", "Conversion Value", "Revenue"),
        required=True,
    ),
    # The platform's cost, not the client's spend.
    Field("media_cost", "money", ("Media Spend", "Media Cost")),
    Field("video_completions", "count", ("Video Completions", "Completed Views")),
)
_NOT_USED = (
    "CTR",
    "ROAS",
    "CPC",
    "CPA",
    "CPM",
    "Creative Size",
    "Creative ID",
    "Placement ID",
    "Campaign ID",
)


def table_spec(settings: SourceSettings, today: date) -> TableSpec:
    """How a client's files are read; ``today``: the account's.

    ``column_map`` gives a field's title in this client's files, before all others: a title, a list of
    titles, or null where the files do not have the field (it is not required then).
    """
    return TableSpec(
        fields=mapped(_FIELDS, settings.column_map),
        today=today,
        ignored=_NOT_USED,
        date_order=None if settings.date_format else "MDY",  # an American platform
        date_format=settings.date_format,
        strict=settings.strict,
        allow_gzip=True,
    )


def names_for_absent(settings: SourceSettings) -> dict[str, str]:
    """Names of the levels that a file may leave out."""
    return {"campaign": settings.default_campaign or NO_CAMPAIGN}
