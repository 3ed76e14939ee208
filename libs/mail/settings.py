"""Settings of whoever sends mail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from libs.addresses import checked_address
from libs.settings import AppSettings


class MailSettings(AppSettings):
    """The mail server, who writes and who is told."""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """``tls``: from the first byte (usually port 465)."""
    smtp_ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""
    alert_email: str = ""
    """Who gets alerts and the digest, separated by commas; in staging, who gets all mail."""
    smtp_timeout: float = Field(default=20.0, gt=0, le=300)
    """Seconds for connecting, and for each letter."""
    mail_retry_seconds: float = Field(default=60.0, gt=0, le=600)
    """Pause before the next try; meanwhile a mail that is being sent is left alone."""
    mail_kept_days: float = Field(default=3.0, gt=0, le=30)
    """For so long a mail is tried."""

    @field_validator("smtp_from")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        return checked_address(text.strip()) if text.strip() else ""

    @field_validator("alert_email")
    @classmethod
    def _are_addresses(cls, text: str) -> str:
        return ",".join(checked_address(part.strip()) for part in text.split(",") if part.strip())

    @field_validator("smtp_ca_file")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError(f"there is no file {path}")
        return path

    @property
    def alert_recipients(self) -> tuple[str, ...]:
        """ALERT_EMAIL as addresses."""
        return tuple(address for address in self.alert_email.split(",") if address)

    def refusals(self) -> Mapping[str, bool]:
        """Mail in the clear."""
        return {
            **super().refusals(),
            "SMTP_TLS=none: use starttls or tls": self.smtp_tls == "none",
        }

    def contradictions(self) -> Mapping[str, bool]:
        """What mail lacks, or would tell everybody."""
        sends = self.environment != "development"
        names = {"SMTP_HOST": self.smtp_host, "SMTP_FROM": self.smtp_from, "ALERT_EMAIL": self.alert_email}
        missing = [name for name, value in names.items() if not value]
        return {
            **super().contradictions(),
            f"{self.environment} sends mail: set {', '.join(missing)}": sends and bool(missing),
            "SMTP_PASSWORD would be sent in the clear: SMTP_TLS must be starttls or tls": (
                self.smtp_tls == "none" and self.smtp_password is not None
            ),
            "MAIL_RETRY_SECONDS must be more than twice SMTP_TIMEOUT: else mails are sent twice": (
                self.mail_retry_seconds <= 2 * self.smtp_timeout
            ),
            "SMTP_USER and SMTP_PASSWORD go together": bool(self.smtp_user) != bool(self.smtp_password),
        }
