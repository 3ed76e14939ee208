"""Structured logs with a correlation id; traces and reports of errors where they are wanted."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import structlog

from libs.observability import tracing
from libs.observability.scrubbing import scrubbed
from libs.settings import AppSettings

_OF_ERRORS = ("error", "exception", "reason", "trace", "detail")
"""Fields with texts that the code did not write itself."""

__all__ = ["configure_logging", "correlation", "current_correlation_id"]


def configure_logging(service: str, settings: AppSettings) -> None:
    """JSON lines on stderr (readable lines in development), with what is bound to the context."""
    level = logging.DEBUG if settings.debug else logging.INFO
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if settings.environment == "development":
        renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info
            if settings.environment != "development"
            else structlog.processors.StackInfoRenderer(),
            _with_trace,
            _without_secrets,
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


def _plain_traceback(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    text = io.StringIO()
    structlog.dev.plain_traceback(text, exc_info)
    out.write(scrubbed(text.getvalue()))


def _with_trace(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (header := tracing.traceparent()) is not None:
        line["trace_id"] = header.split("-")[1]
    return line


def _without_secrets(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in _OF_ERRORS:
        if isinstance(text := line.get(name), str):
            line[name] = scrubbed(text)
    return line


@contextmanager
def correlation(correlation_id: str) -> Iterator[None]:
    """Logs and messages inside carry this id."""
    with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
        yield


def current_correlation_id() -> str | None:
    """The id that ``correlation`` bound here, if any."""
    found = structlog.contextvars.get_contextvars().get("correlation_id")
    return str(found) if found is not None else None
