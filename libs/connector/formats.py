"""What a source's parse.py gives: how its files are read, as data. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from libs.connector.account import Client, SourceSettings
from libs.tabular import Field, TableSpec


@dataclass(frozen=True)
class Format:
    """``table_spec`` (settings, the account's day of delivery) says how a file is read."""

    version: int
    """Raised when the same bytes would give other rows: the same delivery is then a new run."""
    table_spec: Callable[[SourceSettings, date], TableSpec]
    absent: dict[str, str] = field(default_factory=dict)
    """Level → its name where a file leaves it out; a campaign can be named per client."""

    def fill(self, settings: SourceSettings) -> dict[str, str]:
        """Names of the levels that a client's file may leave out."""
        own = {"campaign": settings.default_campaign} if settings.default_campaign else {}
        return self.absent | {level: name for level, name in own.items() if level in self.absent}


def settings_that_matter(client: Client) -> dict[str, Any]:
    """What changes the rows that are read from the same bytes."""
    settings = client.settings
    return {
        "column_map": settings.column_map,
        "date_format": settings.date_format,
        "default_campaign": settings.default_campaign,
        "strict": settings.strict,
        "max_bad_share": str(settings.max_bad_share),
        "timezone": client.timezone,
    }


def mapped(fields: Iterable[Field], column_map: dict[str, Any]) -> tuple[Field, ...]:
    """Fields with a client's own titles before all others.

    ``column_map``: field → a title, a list of titles, or null where this client's files do not have the
    field (it is not required then).
    """
    return tuple(_mapped(field, column_map) for field in fields)


def _mapped(field: Field, column_map: dict[str, Any]) -> Field:
    if field.name not in column_map:
        return field
    titles = column_map[field.name]
    if titles is None:
        return Field(field.name, field.kind, (), required=False)
    own = (titles,) if isinstance(titles, str) else tuple(titles)
    return Field(field.name, field.kind, (*own, *field.aliases), required=field.required)
