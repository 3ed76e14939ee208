"""What this service needs from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from libs.auth.sealing import Sealer
from libs.settings import BusSettings, DatabaseSettings, S3Settings
from libs.settings.production import clear_http, weak_key

SHORTEST_POLL_SECONDS = 10
"""What Vibe allows."""


class VibeSettings(DatabaseSettings, BusSettings, S3Settings):
    """Database, bus, S3, the default credentials, and how reports are waited for."""

    work_dir: Path | None = None
    """Default: a folder of the system's place for temporary files."""
    encryption_key: SecretStr | None = None
    """Opens the clients' own credentials."""
    vibe_profile: Literal["public", "legacy", "std"] | None = None
    vibe_api_base_url: str = ""
    vibe_api_key: SecretStr | None = None
    vibe_client_id: str = ""
    vibe_client_secret: SecretStr | None = None
    vibe_advertiser_id: str = ""
    vibe_rate_limit: int = Field(default=15, gt=0)
    vibe_poll_seconds: float = Field(default=30, gt=0, le=3600)
    vibe_max_polls: int = Field(default=20, gt=0)
    vibe_download_hosts: str = ""
    vibe_max_download_bytes: int = Field(default=1_073_741_824, gt=0)

    @field_validator("encryption_key")
    @classmethod
    def _seals(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            Sealer(keys.get_secret_value())  # says what is wrong, and not with which key
        return keys

    def refusals(self) -> Mapping[str, bool]:
        """Simulators, keys that somebody could guess."""
        keys = self.encryption_key
        return {
            **super().refusals(),
            "VIBE_API_BASE_URL is without TLS: use https://": clear_http(self.vibe_api_base_url),
            "VIBE_DOWNLOAD_HOSTS is set: it is for simulators": bool(self.vibe_download_hosts),
            "ENCRYPTION_KEY is weak or an example: make a new one": keys is not None
            and weak_key(keys.get_secret_value()),
        }

    def contradictions(self) -> Mapping[str, bool]:
        """Credentials that do not serve the profile, an address that is none, polls that Vibe forbids."""
        pair = bool(self.vibe_client_id), self.vibe_client_secret is not None
        base, key = urlsplit(self.vibe_api_base_url), self.vibe_api_key is not None
        return {
            **super().contradictions(),
            "VIBE_CLIENT_ID and VIBE_CLIENT_SECRET go together": pair[0] != pair[1],
            "VIBE_PROFILE=public needs VIBE_CLIENT_ID and VIBE_CLIENT_SECRET, not VIBE_API_KEY alone": (
                self.vibe_profile == "public" and key and not pair[0]
            ),
            f"VIBE_PROFILE={self.vibe_profile} needs VIBE_API_KEY, not VIBE_CLIENT_ID alone": (
                self.vibe_profile in ("legacy", "std") and pair[0] and not key
            ),
            "VIBE_API_BASE_URL must be an http or https address": (
                bool(self.vibe_api_base_url) and (base.scheme not in ("http", "https") or not base.hostname)
            ),
            f"VIBE_POLL_SECONDS: Vibe allows one look in {SHORTEST_POLL_SECONDS} seconds": (
                self.vibe_poll_seconds < SHORTEST_POLL_SECONDS and not self.vibe_api_base_url
            ),
        }
