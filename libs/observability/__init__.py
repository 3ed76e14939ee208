"""Structured logs with a correlation id, and Prometheus metrics."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from libs.settings import AppSettings

__all__ = ["configure_logging", "correlation", "current_correlation_id"]


def configure_logging(service: str, settings: AppSettings) -> None:
    """JSON lines on stderr (readable lines in development), with what is bound to the context."""
    level = logging.DEBUG if settings.debug else logging.INFO
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if settings.environment == "development":
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info
            if settings.environment != "development"
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )


@contextmanager
def correlation(correlation_id: str) -> Iterator[None]:
    """Logs and messages inside carry this id."""
    with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
        yield


def current_correlation_id() -> str | None:
    """The id that ``correlation`` bound here, if any."""
    found = structlog.contextvars.get_contextvars().get("correlation_id")
    return str(found) if found is not None else None
