"""The toy's columns."""

from __future__ import annotations

from datetime import date

from libs.connector.account import SourceSettings
from libs.connector.formats import Format, mapped
from libs.tabular import Field, TableSpec

_FIELDS = (
    Field("date", "date", ("Day",), required=True),
    Field("campaign", "name", ("Campaign",)),
    Field("strategy", "name", ("Line",), required=True),
    Field("placement", "name", ("Site",), required=True),
    Field("creative", "name", ("Ad",), required=True),
    Field("impressions", "count", ("Views",), required=True),
    Field("clicks", "count", ("Clicks",), required=True),
    Field("conversions", "count", ("Orders",), required=True),
    Field("conversion_revenue", "money", ("Sales",), required=True),
)


def table_spec(settings: SourceSettings, today: date) -> TableSpec:
    """How a client's files are read; ``today``: the account's, when they were delivered."""
    return TableSpec(
        fields=mapped(_FIELDS, settings.column_map),
        today=today,
        date_format=settings.date_format,
        strict=settings.strict,
    )


FORMAT = Format(version=1, table_spec=table_spec, absent={"campaign": "Unassigned"})
