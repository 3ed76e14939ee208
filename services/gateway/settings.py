"""Settings of the gateway; read by main.py alone."""

from __future__ import annotations

from typing import Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from libs.auth.tokens import MINIMUM_KEY_BYTES
from libs.settings import BusSettings, DatabaseSettings

EXAMPLES = ("change", "example", "secret", "password", "tidemark", "default")
"""A key that contains one of these words was copied from somewhere."""


class GatewaySettings(DatabaseSettings, BusSettings):
    """Addresses, keys and limits."""

    port: int = Field(default=8000, ge=0, le=65535)
    """Of the API."""
    metrics_port: int = Field(default=9000, ge=0, le=65535)
    """Of health and Prometheus metrics; not to be published."""
    secret_key: SecretStr
    algorithm: str = Field(default="HS256", pattern="^HS(256|384|512)$")
    access_token_expire_minutes: int = Field(default=30, ge=1, le=1440)
    refresh_token_expire_days: int = Field(default=14, ge=1, le=90)
    encryption_key: SecretStr | None = None
    """For the platforms' credentials and authenticator apps; without it none can be stored."""
    cors_origins: str = ""
    """Origins whose pages may call the API, separated by commas."""
    forwarded_allow_ips: str = "127.0.0.1"
    """Proxies whose word on the client's address is taken."""
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    """Uploads have a limit of their own."""
    max_upload_size: int = Field(default=52_428_800, ge=1024)
    facebook_url: str = ""
    """Where the facebook connector answers; without it there are no uploads."""
    cache_megabytes: int = Field(default=256, ge=0)

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value().encode()) < MINIMUM_KEY_BYTES:
            raise ValueError("must be at least 256 bits (32 bytes): try `openssl rand -base64 48`")
        return key

    @model_validator(mode="after")
    def _is_fit_for_production(self) -> Self:
        if self.environment == "production" and (wrong := self._unfit()):
            raise ValueError("not in production: " + "; ".join(wrong))
        return self

    def _unfit(self) -> list[str]:
        secret = self.secret_key.get_secret_value()
        mode = parse_qs(urlsplit(self.database_url).query)
        encrypted = (mode.get("sslmode") or mode.get("ssl") or [""])[0]
        rules = {
            "DEBUG is on": self.debug,
            "SECRET_KEY is weak or an example": len(set(secret)) < 16
            or any(word in secret.lower() for word in EXAMPLES),
            "CORS_ORIGINS is *": "*" in self.origins,
            "DATABASE_URL is without TLS (sslmode=require or stricter)": encrypted
            not in ("require", "verify-ca", "verify-full"),
            "RABBITMQ_URL is without TLS (amqps)": urlsplit(self.rabbitmq_url).scheme != "amqps",
        }
        return [message for message, broken in rules.items() if broken]

    @property
    def origins(self) -> list[str]:
        """CORS_ORIGINS as a list."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]
