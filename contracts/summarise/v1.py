"""Step 3: rollups and summaries (version 1)."""

from __future__ import annotations

from datetime import date

from contracts.envelope import UUID, DayRange, Event


class SummariesRequested(DayRange):
    """Recompute rollups and summaries from the rows; all clients and days where left out."""

    client_id: UUID | None = None


class SummariesUpdated(Event):
    """Rollups and summaries of these periods are as new as the rows."""

    client_id: UUID
    data_version: int
    dates: list[date] = []
    weeks: list[date] = []
    """Mondays."""
    months: list[date] = []
    """First days."""
