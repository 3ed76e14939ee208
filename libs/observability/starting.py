"""What a main.py calls first: logs, and traces and reports of errors where they are wanted."""

from __future__ import annotations

from libs.observability import configure_logging, reporting, tracing
from libs.settings import AppSettings


def observe(service: str, settings: AppSettings) -> None:
    """Before the application is made: engines that are made later are traced."""
    configure_logging(service, settings)
    tracing.start(service, settings)
    reporting.start(service, settings)


def finish() -> None:
    """Send what is left, seven seconds at most. The last that is done: a signal ends the process after it."""
    tracing.stop()
    reporting.stop()
