"""Settings of the notifier."""

from __future__ import annotations

from pydantic import Field, field_validator

from libs.mail.settings import MailSettings
from libs.settings import BusSettings, DatabaseSettings


class NotifierSettings(MailSettings, DatabaseSettings, BusSettings):
    """The database, the bus, the mail server; when people are told."""

    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the API; links in mails begin with it."""
    mail_group_seconds: float = Field(default=60.0, ge=0, le=3600)
    rejected_alert_share: float = Field(default=0.05, ge=0, le=1)
    duplicate_alert_share: float = Field(default=0.2, ge=0, le=1)

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")) or not url.isprintable() or " " in url:
            raise ValueError("must be an http:// or https:// address")
        return url.rstrip("/")
