"""Settings of the scheduler."""

from __future__ import annotations

from pydantic import Field, field_validator

from libs.cron import checked_expression, checked_zone
from libs.settings import BusSettings, DatabaseSettings


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
