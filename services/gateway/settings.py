"""Settings of the gateway; read by main.py alone."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, SecretStr, field_validator

from libs.auth.tokens import MINIMUM_KEY_BYTES
from libs.settings import BusSettings, RequestSettings
from libs.settings.production import weak_key


class GatewaySettings(RequestSettings, BusSettings):
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
    body_seconds: float = Field(default=30.0, gt=0)
    """How long the next piece of a body may take to come."""
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

    def refusals(self) -> Mapping[str, bool]:
        """Keys that somebody could guess, pages from everywhere."""
        sealing = self.encryption_key
        return {
            **super().refusals(),
            "SECRET_KEY is weak or an example: try `openssl rand -base64 48`": weak_key(
                self.secret_key.get_secret_value()
            ),
            "ENCRYPTION_KEY is weak or an example: make a new one": sealing is not None
            and weak_key(sealing.get_secret_value()),
            "CORS_ORIGINS is *: name the origins": "*" in self.origins,
        }

    @property
    def origins(self) -> list[str]:
        """CORS_ORIGINS as a list."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]
