"""Settings from the environment and ``.env``. A service composes its own class from these groups.

Names are fixed; ``.env.example`` explains each. ``load`` is called by a service's main.py alone and
names every missing or wrong setting at once.
"""

from __future__ import annotations

import os
import sys
from typing import Literal, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = [
    "AppSettings",
    "BusSettings",
    "DatabaseSettings",
    "S3Settings",
    "failpoint_setting",
    "load",
    "unfit_connections",
]


class AppSettings(BaseSettings):
    """What every process has."""

    # NAME= in .env or in a Compose file means: not set.
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    app_name: str = "Tidemark"
    app_version: str = "0.1.0"
    environment: Literal["development", "staging", "production"] = "development"
    debug: bool = False
    port: int = Field(default=0, ge=0, le=65535)
    """Of the health and metrics endpoints (0: any free one); the gateway's API has its own."""
    host: str = "127.0.0.1"


class DatabaseSettings(AppSettings):
    """Where the data is. Each service connects as its own role."""

    database_url: str
    database_pool_size: int = Field(default=5, ge=1, le=20)
    database_pool_overflow: int = Field(default=5, ge=0, le=20)

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("postgresql", "postgres", "postgresql+asyncpg"):
            raise ValueError("must be a postgresql:// address")
        return url

    @property
    def async_url(self) -> str:
        return "postgresql+asyncpg://" + self.database_url.split("://", 1)[1]

    @property
    def plain_url(self) -> str:
        return "postgresql://" + self.database_url.split("://", 1)[1]


class BusSettings(AppSettings):
    """Where RabbitMQ is."""

    rabbitmq_url: str
    rabbitmq_management_url: str = ""
    """Needed where topology is declared (policies); empty: port 15672 of the same host."""
    publish_timeout: float = Field(default=30.0, gt=0)
    """Seconds; a blocked broker must not hold a handler for ever."""
    graceful_timeout: float = Field(default=60.0, gt=0)
    """Seconds; longer than the slowest handler."""
    retry_seconds: tuple[float, ...] = (10, 30, 60, 600, 3600)
    """Rungs of the retry ladder; shorter in tests."""


class S3Settings(AppSettings):
    """Plain S3; the usual credential chain where no key is given."""

    aws_access_key_id: str | None = None
    aws_secret_access_key: str | None = None
    aws_region: str = "us-east-1"
    s3_endpoint_url: str | None = None
    s3_bucket_name: str = ""
    s3_prefix: str = Field(default="", validation_alias=AliasChoices("s3_prefix", "s3_folder_prefix"))
    s3_file_pattern: str = "media-report-{date}.csv"
    raw_bucket_name: str = "tidemark-raw"


class _Connected(Protocol):
    @property
    def debug(self) -> bool: ...
    @property
    def database_url(self) -> str: ...
    @property
    def rabbitmq_url(self) -> str: ...


def unfit_connections(settings: _Connected) -> list[str]:
    """What production refuses of a worker: debugging, and connections without TLS."""
    query = parse_qs(urlsplit(settings.database_url).query)
    encrypted = (query.get("sslmode") or query.get("ssl") or [""])[0]
    rules = {
        "DEBUG is on": settings.debug,
        "DATABASE_URL is without TLS (sslmode=require or stricter)": encrypted
        not in ("require", "verify-ca", "verify-full"),
        "RABBITMQ_URL is without TLS (amqps)": urlsplit(settings.rabbitmq_url).scheme != "amqps",
    }
    return [message for message, broken in rules.items() if broken]


SettingsClass = TypeVar("SettingsClass", bound=BaseSettings)


def load(settings: type[SettingsClass]) -> SettingsClass:
    """Read settings; on trouble print every missing or wrong one and end the process with status 2."""
    try:
        return settings()
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        print("Settings are missing or wrong (see .env.example):", *lines, sep="\n", file=sys.stderr)
        raise SystemExit(2) from None


def failpoint_setting() -> str:
    """``TIDEMARK_FAILPOINT``, read at each use: a fault experiment sets it for one process."""
    return os.environ.get("TIDEMARK_FAILPOINT", "")
