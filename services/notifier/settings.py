"""Settings of the notifier."""

from __future__ import annotations

from libs.settings import BusSettings, DatabaseSettings


class NotifierSettings(DatabaseSettings, BusSettings):
    """The database and the bus; mail will come here."""
