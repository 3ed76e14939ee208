"""Settings of the aggregator."""

from __future__ import annotations

from libs.settings import BusSettings, DatabaseSettings


class AggregatorSettings(DatabaseSettings, BusSettings):
    """The database and the bus; nothing of its own."""
