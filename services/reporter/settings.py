"""Settings of the reporter."""

from __future__ import annotations

from pydantic import Field

from libs.mail.settings import MailSettings
from libs.settings import BusSettings, DatabaseSettings


class ReporterSettings(MailSettings, DatabaseSettings, BusSettings):
    """The database, the bus, the mail server; how long is waited for what."""

    report_wait_hours: float = Field(default=24.0, ge=0, le=240)
    """For days that are missing; then the report goes out with a note of them."""
    report_look_seconds: float = Field(default=900.0, gt=0, le=3600)
