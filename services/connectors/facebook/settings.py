"""What this service needs from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from libs.auth.tokens import MINIMUM_KEY_BYTES
from libs.settings import BusSettings, RequestSettings, S3Settings
from libs.settings.production import weak_key


class FacebookSettings(RequestSettings, BusSettings, S3Settings):
    """Database, bus, archive, the key of access tokens, limits."""

    secret_key: SecretStr
    """The gateway's: tokens are issued there."""
    algorithm: str = Field(default="HS256", pattern="^HS(256|384|512)$")
    access_token_expire_minutes: int = Field(default=30, ge=1, le=1440)
    forwarded_allow_ips: str = "127.0.0.1"
    """The gateway, whose word on the caller's address is taken."""
    max_upload_size: int = Field(default=52_428_800, ge=1024)
    upload_dir: Path | None = None
    """A folder as raw archive, for one machine; None: the bucket."""
    upload_check_seconds: float = Field(default=0.1, ge=0)
    """How long the rows of an upload are looked through before it is answered, if it is archived sooner (its
    header, and a file of up to 8 MB: ten times as long); the rest is found when it is loaded."""
    work_dir: Path | None = None

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value().encode()) < MINIMUM_KEY_BYTES:
            raise ValueError("must be at least 256 bits (32 bytes), and the gateway's")
        return key

    def refusals(self) -> Mapping[str, bool]:
        """A key that somebody could guess."""
        return {
            **super().refusals(),
            "SECRET_KEY is weak or an example: try `openssl rand -base64 48`": weak_key(
                self.secret_key.get_secret_value()
            ),
        }
