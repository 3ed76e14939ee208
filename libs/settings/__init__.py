"""Settings from the environment and ``.env``. A service composes its own class from these groups.

Names are fixed; ``.env.example`` explains each. ``load`` is called by a service's main.py alone and
names every missing or wrong setting at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.settings.production import clear_http, clear_postgresql, clear_rabbitmq, weak_password

__all__ = [
    "AppSettings",
    "BusSettings",
    "DatabaseSettings",
    "RequestSettings",
    "S3Settings",
    "failpoint_setting",
    "load",
]


class Unfit(ValueError):
    """Settings that do not go together, or not with production: a sentence for each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


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
    otel_exporter_otlp_endpoint: str = ""
    """Where traces go (OTLP over HTTP; ``/v1/traces`` is added); empty: there are none."""
    otel_exporter_otlp_headers: SecretStr | None = None
    """``name=value,name=value``, for collectors that want a key."""
    otel_traces_sampler_arg: float = Field(default=1.0, ge=0, le=1)
    """The share of traces that is kept, of those that begin here."""
    sentry_dsn: SecretStr | None = None
    """Where unexpected errors are reported; empty: nowhere."""

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _is_http(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("must be an http:// or https:// address")
        return url.rstrip("/")

    @field_validator("sentry_dsn")
    @classmethod
    def _is_a_dsn(cls, dsn: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(dsn.get_secret_value() if dsn else "")
        if dsn and not (parts.scheme in ("http", "https") and parts.username and parts.path.strip("/")):
            raise ValueError("must be the address that Sentry shows: https://<key>@<host>/<project>")
        return dsn

    def refusals(self) -> Mapping[str, bool]:
        """What production refuses: a sentence and whether it holds. Each class adds its own."""
        return {"DEBUG is on: set DEBUG=false": self.debug}

    def contradictions(self) -> Mapping[str, bool]:
        """What fits nowhere: a sentence and whether it holds. Each class adds its own."""
        return {}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong = [text for text, broken in self.contradictions().items() if broken]
        if self.environment == "production":
            wrong += [f"not in production: {text}" for text, broken in self.refusals().items() if broken]
        if wrong:
            raise Unfit(wrong)
        return self


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

    def refusals(self) -> Mapping[str, bool]:
        """TLS, and a password that somebody chose."""
        return {
            **super().refusals(),
            "DATABASE_URL is without TLS: add ?sslmode=require or stricter": clear_postgresql(
                self.database_url
            ),
            "DATABASE_URL has a weak or example password: choose ten or more random characters": (
                weak_password(self.database_url)
            ),
        }

    @property
    def async_url(self) -> str:
        return "postgresql+asyncpg://" + self.database_url.split("://", 1)[1]

    @property
    def plain_url(self) -> str:
        return "postgresql://" + self.database_url.split("://", 1)[1]


class RequestSettings(DatabaseSettings):
    """How long people wait for the database before they are told to try again (503)."""

    request_statement_timeout: float = Field(default=60.0, ge=0)
    """Seconds for each statement of a request; 0: no limit."""
    request_lock_timeout: float = Field(default=10.0, ge=0)
    """Seconds that a statement of a request waits for a lock; 0: no limit."""


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

    def refusals(self) -> Mapping[str, bool]:
        """TLS, and a password that somebody chose."""
        return {
            **super().refusals(),
            "RABBITMQ_URL is without TLS: use amqps://": clear_rabbitmq(self.rabbitmq_url),
            "RABBITMQ_URL has a weak or example password: choose ten or more random characters": (
                weak_password(self.rabbitmq_url)
            ),
            "RABBITMQ_MANAGEMENT_URL is without TLS: use https://": clear_http(self.rabbitmq_management_url),
        }


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

    def refusals(self) -> Mapping[str, bool]:
        """TLS."""
        return {
            **super().refusals(),
            "S3_ENDPOINT_URL is without TLS: use https://": clear_http(self.s3_endpoint_url),
        }


SettingsClass = TypeVar("SettingsClass", bound=BaseSettings)


def load(settings: type[SettingsClass]) -> SettingsClass:
    """Read settings; on trouble print every missing or wrong one and end the process with status 2."""
    try:
        return settings()
    except ValidationError as error:
        print("Settings are missing or wrong (see .env.example):", *_told(error), sep="\n", file=sys.stderr)
        raise SystemExit(2) from None


def _told(error: ValidationError) -> list[str]:
    """A line for each thing that is wrong."""
    lines = []
    for found in error.errors():
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, Unfit):
            lines += [f"  {sentence}" for sentence in cause.sentences]
        else:
            lines.append(f"  {'.'.join(map(str, found['loc'])).upper()}: {found['msg']}")
    return lines


def failpoint_setting() -> str:
    """``TIDEMARK_FAILPOINT``, read at each use: a fault experiment sets it for one process."""
    return os.environ.get("TIDEMARK_FAILPOINT", "")
