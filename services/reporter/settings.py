"""Settings of the reporter."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from libs.mail.settings import MailSettings
from libs.settings import BusSettings, DatabaseSettings, unfit_connections


class ReporterSettings(MailSettings, DatabaseSettings, BusSettings):
    """The database, the bus, the mail server; how long is waited for what."""

    report_wait_hours: float = Field(default=24.0, ge=0, le=240)
    """For days that are missing; then the report goes out with a note of them."""
    report_look_seconds: float = Field(default=900.0, gt=0, le=3600)

    @model_validator(mode="after")
    def _is_fit(self) -> Self:
        wrong = unfit_connections(self) if self.environment == "production" else []
        if wrong:
            raise ValueError("not in production: " + "; ".join(wrong))
        return self
