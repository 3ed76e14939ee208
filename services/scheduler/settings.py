"""Settings of the scheduler."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from libs.cron import checked_expression, checked_zone
from libs.settings import BusSettings, DatabaseSettings, unfit_connections


class SchedulerSettings(DatabaseSettings, BusSettings):
    """When what is asked for: five fields, minute hour day month weekday."""

    surfside_cron: str = "0 5 * * *"
    vibe_cron: str = "0 6 * * *"
    summary_cron: str = "0 7 * * *"
    digest_cron: str = "30 7 * * *"
    report_cron: str = "5 * * * *"
    """How often it is looked whether reports are due."""
    report_hour: int = Field(default=8, ge=0, le=23)
    scheduler_timezone: str = "UTC"

    @field_validator("surfside_cron", "vibe_cron", "summary_cron", "digest_cron", "report_cron")
    @classmethod
    def _is_a_cron_expression(cls, expression: str) -> str:
        return checked_expression(expression)

    @field_validator("scheduler_timezone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        return checked_zone(name)

    @model_validator(mode="after")
    def _is_fit_for_production(self) -> Self:
        if self.environment == "production" and (wrong := unfit_connections(self)):
            raise ValueError("not in production: " + "; ".join(wrong))
        return self
