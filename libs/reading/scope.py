"""What a question is about: which clients, which days, perhaps one source or campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from contracts.envelope import Source
from libs.metrics.registry import Metric
from libs.reading import ranges
from libs.reading.frames import Level
from libs.reading.store.rollups import Slice


@dataclass(frozen=True)
class Scope:
    """Clients, days and filters of a question, and the metrics that its asker may see."""

    clients: tuple[RowMapping, ...]
    """With id, public_id, name, currency, timezone, settings."""
    days: ranges.Range
    today: date
    source: Source | None
    campaign: Mapping[Any, Any] | None
    """Its client_id, id (key), public_id, source and account."""
    metrics: tuple[Metric, ...]
    versions: Mapping[int, int]
    """client → version of its numbers, in the state of the data that this request sees."""
    within: tuple[Level, int] | None = None
    """The strategy, placement or creative (key) of the campaign that alone is meant."""
    within_name: str = ""
    """Its name."""
    only: tuple[Metric, ...] | None = None
    """Of the metrics those that are shown; None: all of them. Lists may be ordered by others."""

    @property
    def shown(self) -> tuple[Metric, ...]:
        """The metrics of the answer."""
        return self.metrics if self.only is None else self.only

    @property
    def client_ids(self) -> tuple[int, ...]:
        return tuple(int(client["id"]) for client in self.clients)

    @property
    def currency(self) -> str:
        return str(self.clients[0]["currency"])

    @property
    def campaign_key(self) -> int | None:
        return int(self.campaign["id"]) if self.campaign else None

    @property
    def only_source(self) -> str | None:
        """The one source that the question is about."""
        return self.campaign["source"] if self.campaign else self.source

    def told(self) -> tuple[Any, ...]:
        """What an answer tells beside figures and names below the campaign: who may see what, the account's
        day, what clients and campaign are called.
        """
        clients = ((client["public_id"], client["name"], client["currency"]) for client in self.clients)
        campaign = (self.campaign["public_id"], self.campaign["name"]) if self.campaign else None
        seen, shown = (tuple(metric.name for metric in some) for some in (self.metrics, self.shown))
        return (seen, shown, self.today, *clients, campaign, self.within_name)

    def filters(self) -> dict[str, str]:
        """What the question leaves out, as people call it: source, campaign, and the part of it."""
        part = {self.within[0].capitalize(): self.within_name} if self.within else {}
        campaign = {"Campaign": str(self.campaign["name"])} if self.campaign else {}
        return {**({"Source": self.source} if self.source else {}), **campaign, **part}

    def over(self, days: ranges.Range) -> Scope:
        """The same question about other days."""
        return replace(self, days=days)

    def rows(self, days: ranges.Range | None = None) -> Slice:
        """The slice of rollups of these days (left out: the question's)."""
        over = days or self.days
        return Slice(self.client_ids, over.start, over.end, self.source, self.campaign_key)

    def heading(self) -> dict[str, object]:
        """The fields that every answer over a scope begins with."""
        return {
            "client_id": self.clients[0]["public_id"] if len(self.clients) == 1 else None,
            "client_name": self.clients[0]["name"] if len(self.clients) == 1 else None,
            "client_ids": [client["public_id"] for client in self.clients],
            "currency": self.currency,
            "date_range": self.days.as_typed(),
            "source": self.source,
            "campaign_id": self.campaign["public_id"] if self.campaign else None,
        }
