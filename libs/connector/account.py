"""Clients as a connector sees them, and what it finds for them. Pure: no database, no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from libs.errors import Terminal


class FoundObject(Protocol):
    """An object of a store, as it stood when it was looked at (libs.storage.StoredObject is one)."""

    @property
    def bucket(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def etag(self) -> str: ...
    @property
    def last_modified(self) -> datetime: ...
    @property
    def version_id(self) -> str | None: ...
    @property
    def url(self) -> str: ...


class RunRefused(Terminal):
    """A delivery cannot be loaded, whatever is tried: its run ends as failed, its message is done."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Warned:
    """Something about a run that people should know and that did not stop it."""

    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it stands in ingestion_logs.warnings."""
        return {"code": self.code, "message": self.message, **self.details}


def differing_totals(differing: Mapping[str, Mapping[str, int]]) -> Warned:
    """A delivery's total row against the sum of its rows: column → {"said", "rows"}."""
    shown = ", ".join(f"{name} {of['said']:,} against {of['rows']:,}" for name, of in differing.items())
    return Warned(
        "control_totals",
        f"The file's own total row differs from the sum of its rows: {shown}",
        {"differing": dict(differing)},
    )


@dataclass(frozen=True)
class SourceSettings:
    """A row of source_settings; empty where the service's own defaults hold."""

    enabled: bool = False
    bucket: str | None = None
    prefix: str | None = None
    file_pattern: str | None = None
    parts: Literal["latest", "all"] = "latest"
    due_by: time = time(12)
    default_campaign: str | None = None
    column_map: dict[str, Any] = field(default_factory=dict)
    date_format: str | None = None
    timezone: str | None = None
    settling_days: int | None = None
    advertiser_id: str | None = None
    strict: bool = False
    max_bad_share: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class Client:
    """One client and its settings for one source."""

    id: int
    """In the database."""
    public_id: UUID
    """In messages."""
    name: str
    status: str
    timezone: str
    """The account's: the source's setting, else the client's."""
    settings: SourceSettings

    @property
    def pulled(self) -> bool:
        """Whether anything may be fetched for it."""
        return self.status == "active" and self.settings.enabled

    @property
    def zone(self) -> ZoneInfo:
        """Raises Terminal for a name that no time zone has."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Terminal(
                f"Client {self.name} has the time zone {self.timezone!r}; there is none"
            ) from error

    def today(self, now: datetime) -> date:
        """The account's day at a moment."""
        return now.astimezone(self.zone).date()

    def yesterday(self, now: datetime) -> date:
        """The account's last full day at a moment."""
        return self.today(now) - timedelta(days=1)
