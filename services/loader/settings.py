"""Settings of the loader."""

from decimal import Decimal

from pydantic import Field

from libs.settings import BusSettings, DatabaseSettings


class LoaderSettings(DatabaseSettings, BusSettings):
    """The common groups, and how long work may lie."""

    default_cpm: Decimal | None = Field(default=None, gt=0, max_digits=10, decimal_places=4)
    """What a day costs for which a client has no CPM, if that is wanted; else such rows are unpriced."""
    head_start_rows: int = Field(default=60_000, ge=1)
    """A run of which so many rows are staged before it is complete is written while the others come."""
    stalled_after_minutes: int = Field(default=60, ge=1)
    """A run none of whose batches came for so long raises an alarm; a late batch goes on with it."""
    staging_kept_days: int = Field(default=14, ge=1)
    displaced_kept_days: int = Field(default=35, ge=1)
    """How long a run can be undone."""
    housekeeping_seconds: float = Field(default=60, gt=0)
