"""Step 2: what the loader is asked for and what it tells (version 1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from contracts.envelope import UUID, Command, Event, Source


class Totals(Event):
    """Sums over a slice of rows. A metric that no row measured is null. Money in millionths."""

    rows: int = 0
    impressions: int | None = None
    clicks: int | None = None
    conversions: int | None = None
    conversion_revenue_micros: int | None = None
    media_cost_micros: int | None = None
    video_completions: int | None = None


class RunStaged(Command):
    """All batches of a run are in staging: merge it. The loader's own, which the aggregator hears."""

    client_id: UUID
    run_id: UUID


class RunConfirmed(Command):
    """Somebody looked at a held run and wants it loaded although it removes rows."""

    client_id: UUID
    run_id: UUID
    confirmed_by: str | None = None


class RunUndo(Command):
    """Put back what a run displaced, for the dates that no later run touched."""

    client_id: UUID
    run_id: UUID
    requested_by: str | None = None


class RateChanged(Command):
    """CPMs of a client changed: rewrite day_rates from this day on (all days when it is left out)."""

    client_id: UUID
    source: Source | None = None
    start_date: date | None = None
    end_date: date | None = None


class HierarchyDeleted(Command):
    """Delete a level with everything below it, facts and rollups included."""

    client_id: UUID
    level: Literal["campaign", "strategy", "placement", "creative"]
    id: UUID


class RunLoaded(Event):
    """A run ended well. ``dates`` are those whose rows changed; none for an unchanged run."""

    client_id: UUID
    run_id: UUID
    source: Source
    status: Literal["loaded", "partial", "unchanged", "superseded", "undone", "deleted"]
    run_date: date | None = None
    dates: list[date] = []
    rows_loaded: int = 0
    rows_rejected: int = 0
    before: Totals = Totals()
    after: Totals = Totals()


class RunFailed(Event):
    """A run ended without a row. ``error`` says what to do about it."""

    client_id: UUID
    run_id: UUID
    source: Source
    run_date: date | None = None
    error_code: str
    error: str


class RowsRepriced(Event):
    """Rates of these dates changed; no row did. ``source``: None where several sources have new ones."""

    client_id: UUID
    source: Source | None = None
    dates: Annotated[list[date], Field(min_length=1)]
