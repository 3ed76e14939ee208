"""What a question is about: which clients, which days, perhaps one source or campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping

from contracts.envelope import Source
from libs.metrics.registry import Metric
from libs.reading import ranges
from libs.reading.store.rollups import Slice


@dataclass(frozen=True)
class Scope:
    """Clients, days and filters of a question, and the metrics that its asker may see."""

    clients: tuple[RowMapping, ...]
    """With id, public_id, name, currency, timezone, settings."""
    days: ranges.Range
    today: date
    source: Source | None
    campaign: RowMapping | None
    metrics: tuple[Metric, ...]
    versions: Mapping[int, int]
    """client → version of its numbers, in the state of the data that this request sees."""

    @property
    def client_ids(self) -> tuple[int, ...]:
        return tuple(int(client["id"]) for client in self.clients)

    @property
    def currency(self) -> str:
        return str(self.clients[0]["currency"])

    def rows(self, days: ranges.Range | None = None) -> Slice:
        """The slice of rollups of these days (left out: the question's)."""
        over = days or self.days
        campaign = int(self.campaign["id"]) if self.campaign else None
        return Slice(self.client_ids, over.start, over.end, self.source, campaign)

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
