"""A receiver, and traces or reports that go there while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from libs.observability import reporting, tracing
from libs.settings import AppSettings
from tests.libs.observability.receiver import Receiver, receiver


def settings(**given: Any) -> AppSettings:
    """Of this test alone."""
    return AppSettings(_env_file=None, **given)


@pytest.fixture
def received() -> Iterator[Receiver]:
    """What is posted while the test runs."""
    with receiver() as found:
        yield found


@pytest.fixture
def traced(received: Receiver) -> Iterator[Receiver]:
    """Traces are on in this process."""
    tracing.start("surfside", settings(otel_exporter_otlp_endpoint=received.url))
    yield received
    received.answers.set()
    tracing.stop()


@pytest.fixture
def reported(received: Receiver) -> Iterator[Receiver]:
    """Reports are on in this process."""
    dsn = f"http://publickey@127.0.0.1:{received.port}/7"
    reporting.start("surfside", settings(sentry_dsn=dsn, app_version="1.2.3", environment="staging"))
    yield received
    reporting.stop()
