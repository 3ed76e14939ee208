"""Facebook's columns: how an Ads Manager export is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from libs.connector.account import SourceSettings
from libs.tabular import Field, TableSpec
from services.connectors.facebook.parse import titles
from services.connectors.facebook.parse.titles import spelt

PARSER_VERSION = 1
"""Raised when the same bytes would give other rows: reading them is then a new run."""

HOW_TO_EXPORT_BY_DAY = (
    "In Ads Manager choose Breakdown → By time → Day, then export the table: each row must be one day."
)
_CURRENCY = re.compile(r"\(([A-Za-z]{3})\)$")


def table_spec(
    settings: SourceSettings,
    today: date,
    *,
    campaign: str | None,
    ad_set: str | None,
    date_format: str | None,
) -> TableSpec:
    """How an export is read; ``today``: the account's at the time of the upload.

    ``campaign``, ``ad_set``: the names of levels that the file need not have. ``date_format``: of the form,
    else of the client's settings, else decided over the column.
    """
    return TableSpec(
        fields=tuple(_mapped(field, settings.column_map) for field in _fields(campaign, ad_set)),
        today=today,
        ignored=spelt(titles.KNOWN),
        date_format=date_format or settings.date_format,
        strict=settings.strict,
        blank_dimension_rows="control_total",
        period_end="date_end",
    )


def _fields(campaign: str | None, ad_set: str | None) -> tuple[Field, ...]:
    days = (*titles.DAY, *titles.STARTS, *titles.PERIODS)
    return (
        Field("date", "date", spelt(days), required=True),
        Field("date_end", "date", spelt(titles.ENDS), beside=spelt(titles.STARTS)),
        _name("campaign", titles.CAMPAIGN, filled=campaign is not None),
        _name("strategy", titles.AD_SET, filled=ad_set is not None),
        _name("creative", titles.AD),
        Field("impressions", "count", titles.IMPRESSIONS, required=True),
        Field("clicks", "count", _all(titles.CLICKS), required=True),
        Field("conversions", "count", _all(titles.CONVERSIONS)),
        Field("conversion_revenue", "money", spelt(titles.REVENUE)),
        Field("media_cost", "money", titles.SPENT),
        Field("currency", "attribute", titles.CURRENCY),
        Field("account", "attribute", spelt(titles.ACCOUNT)),
        *(Field(name, "attribute", known) for name, known in titles.IDS.items()),
    )


def _name(name: str, known: tuple[str, ...], *, filled: bool = False) -> Field:
    return Field(name, "name", spelt(known), required=not filled, blank_allowed=filled)


def _all(kinds: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(title for known in kinds.values() for title in known)


def _mapped(field: Field, column_map: Mapping[str, Any]) -> Field:
    """With the client's own titles (a title, or a list of them) before all others."""
    own = column_map.get(field.name)
    if not own:
        return field
    first = (own,) if isinstance(own, str) else tuple(own)
    return Field(
        field.name,
        field.kind,
        (*first, *field.aliases),
        required=field.required,
        blank_allowed=field.blank_allowed,
        beside=field.beside,
    )


def definition_of(metric: str, title: str) -> str:
    """What a title counts, whatever its language: ``Clics en el enlace`` → ``link clicks``."""
    kinds = {"clicks": titles.CLICKS, "conversions": titles.CONVERSIONS}[metric]
    wanted = _plain(title)
    return next((kind for kind, known in kinds.items() if wanted in map(_plain, known)), wanted)


def is_period(title: str) -> bool:
    """Whether a column of dates holds weeks or months."""
    return _plain(title) in map(_plain, titles.PERIODS)


def is_start(title: str) -> bool:
    """Whether a column of dates says where a period starts."""
    return _plain(title) in map(_plain, spelt(titles.STARTS))


def currency_of(title: str) -> str | None:
    """``USD`` of ``Amount spent (USD)``."""
    found = _CURRENCY.search(title)
    return found[1].upper() if found else None


def _plain(title: str) -> str:
    return " ".join(title.casefold().replace("_", " ").split())


def settings_that_matter(settings: SourceSettings, timezone: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What changes the rows that are read from the same bytes; kept with the run that is read so."""
    return {
        "column_map": settings.column_map,
        "date_format": form.get("date_format") or settings.date_format,
        "strict": settings.strict,
        "max_bad_share": str(settings.max_bad_share),
        "timezone": timezone,
        "campaign": form.get("campaign"),
        "ad_set": form.get("ad_set"),
    }
