"""What production refuses: each alone, in a sentence that says what to set instead, and all of it at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings

from libs.mail.settings import MailSettings
from libs.settings import BusSettings, DatabaseSettings, S3Settings
from services.connectors.facebook.settings import FacebookSettings
from services.connectors.vibe.settings import VibeSettings
from services.gateway.settings import GatewaySettings
from tests.architecture.discovery import built_services

ROOT = Path(__file__).parents[3]
PASSWORD = "0f3c9a1b7e5d2c4a"
KEY = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A"
DATABASE = f"postgresql://role:{PASSWORD}@db.test/data?sslmode=verify-full"
BROKER = f"amqps://role:{PASSWORD}@mq.test/"
GOOD: dict[type[BaseSettings], dict[str, Any]] = {
    DatabaseSettings: {"database_url": DATABASE},
    BusSettings: {"rabbitmq_url": BROKER},
    S3Settings: {},
    MailSettings: {"smtp_host": "h", "smtp_from": "a@b.test", "alert_email": "a@b.test"},
    VibeSettings: {"database_url": DATABASE, "rabbitmq_url": BROKER},
    FacebookSettings: {"database_url": DATABASE, "rabbitmq_url": BROKER, "secret_key": KEY},
    GatewaySettings: {"database_url": DATABASE, "rabbitmq_url": BROKER, "secret_key": KEY},
}
OPEN, EXAMPLED = DATABASE.replace("verify-full", "prefer"), DATABASE.replace(PASSWORD, "change-me-please")
EXAMPLE = "change-me-change-me-change-me-change-me"
REFUSED: list[tuple[type[BaseSettings], dict[str, Any], str]] = [
    (DatabaseSettings, {"debug": True}, "DEBUG is on: set DEBUG=false"),
    (DatabaseSettings, {"database_url": DATABASE.partition("?")[0]}, "DATABASE_URL is without TLS"),
    (
        DatabaseSettings,
        {"database_url": OPEN},
        "DATABASE_URL is without TLS",
    ),
    (
        DatabaseSettings,
        {"database_url": EXAMPLED},
        "DATABASE_URL has a weak",
    ),
    (DatabaseSettings, {"database_url": DATABASE.replace(f":{PASSWORD}", "")}, "DATABASE_URL has a weak"),
    (BusSettings, {"rabbitmq_url": BROKER.replace("amqps", "amqp")}, "RABBITMQ_URL is without TLS"),
    (BusSettings, {"rabbitmq_url": "amqps://guest:guest@mq.test/"}, "RABBITMQ_URL has a weak"),
    (
        BusSettings,
        {"rabbitmq_management_url": "http://mq.test"},
        "RABBITMQ_MANAGEMENT_URL is without TLS",
    ),
    (S3Settings, {"s3_endpoint_url": "http://s3.test"}, "S3_ENDPOINT_URL is without TLS"),
    (MailSettings, {"smtp_tls": "none"}, "SMTP_TLS=none"),
    (VibeSettings, {"vibe_api_base_url": "http://vibe.test"}, "VIBE_API_BASE_URL is without TLS"),
    (VibeSettings, {"vibe_download_hosts": "127.0.0.1"}, "VIBE_DOWNLOAD_HOSTS is set"),
    (FacebookSettings, {"secret_key": EXAMPLE}, "SECRET_KEY is weak or an example"),
    (GatewaySettings, {"secret_key": EXAMPLE}, "SECRET_KEY is weak or an example"),
    (GatewaySettings, {"secret_key": "a" * 64}, "SECRET_KEY is weak or an example"),
    (GatewaySettings, {"encryption_key": "A" * 43 + "="}, "ENCRYPTION_KEY is weak or an example"),
    (GatewaySettings, {"cors_origins": "https://a.test, *"}, "CORS_ORIGINS is *: name the origins"),
]


def made(cls: type[BaseSettings], **given: Any) -> BaseSettings:
    """Settings of production that are good, but for what is given."""
    return cls(**{"_env_file": None, "environment": "production", **GOOD[cls], **given})


@pytest.mark.parametrize("cls", GOOD)
def test_what_is_fit_starts(cls: type[BaseSettings]) -> None:
    assert made(cls).model_dump()["environment"] == "production"


@pytest.mark.parametrize(("cls", "change", "told"), REFUSED)
def test_what_is_not_is_refused(cls: type[BaseSettings], change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match="not in production: ") as caught:
        made(cls, **change)
    assert told in str(caught.value)
    assert str(caught.value).count("not in production") == 1
    assert EXAMPLE not in str(caught.value).partition("[type=")[0]


@pytest.mark.parametrize(("cls", "change", "told"), REFUSED)
@pytest.mark.parametrize("environment", ["development", "staging"])
def test_elsewhere_it_is_let_pass(
    cls: type[BaseSettings], change: dict[str, Any], told: str, environment: str
) -> None:
    assert made(cls, **change, environment=environment).model_dump()["environment"] == environment


def test_a_clients_certificate_needs_no_password() -> None:
    url = DATABASE.replace(f":{PASSWORD}", "") + "&sslcert=/run/role.crt"
    assert made(DatabaseSettings, database_url=url).model_dump()["database_url"] == url


@pytest.mark.parametrize("service", sorted(built_services()))
def test_every_service_refuses_all_at_once(service: str) -> None:
    """As it is started, with what development has: status 2, a line for each, no secret told."""
    given = {
        "ENVIRONMENT": "production",
        "DEBUG": "true",
        "DATABASE_URL": "postgresql://role:postgres@127.0.0.1:1/none",
        "RABBITMQ_URL": "amqp://guest:guest@127.0.0.1:1/",
        "SECRET_KEY": EXAMPLE,
        "CORS_ORIGINS": "*",
        "S3_ENDPOINT_URL": "http://127.0.0.1:1",
    }
    code = f"import {built_services()[service]}.main as m; m.load({_settings_of(service)})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = done.stderr.decode()
    assert done.returncode == 2, told
    lines = [line for line in told.splitlines() if line.startswith("  not in production: ")]
    for start in ("DEBUG", "DATABASE_URL is", "DATABASE_URL has", "RABBITMQ_URL is", "RABBITMQ_URL has"):
        assert sum(line.startswith(f"  not in production: {start}") for line in lines) == 1, told
    assert ("SECRET_KEY" in told) == (service in ("gateway", "facebook"))
    assert ("CORS_ORIGINS" in told) == (service == "gateway")
    assert ("S3_ENDPOINT_URL" in told) == (service in ("surfside", "vibe", "facebook"))
    assert EXAMPLE not in told
    assert "role:postgres" not in told


def _settings_of(service: str) -> str:
    return f"m.{service.capitalize()}Settings"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sentry_dsn": "https://sentry.test/7"}, "must be the address that Sentry shows"),
        ({"sentry_dsn": "no address"}, "must be the address that Sentry shows"),
        ({"otel_exporter_otlp_endpoint": "localhost:4317"}, "must be an http:// or https:// address"),
        ({"otel_traces_sampler_arg": 2}, "less than or equal to 1"),
    ],
)
def test_addresses_of_traces_and_reports_are_checked(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        made(S3Settings, **given)
