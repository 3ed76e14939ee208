"""Unexpected errors, reported to Sentry where SENTRY_DSN is set; else nothing of it is imported.

What code foresees (``libs.errors``, answers of the API) is not reported: it is told to whom it concerns.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Protocol, cast

from libs.settings import AppSettings


class Reporter(Protocol):
    """Where reports go."""

    def report(self, error: BaseException, tags: dict[str, str]) -> None:
        """Send one, later, from another thread."""

    def stop(self) -> None:
        """Send what is left, for a limited time."""


@dataclass
class _State:
    reporter: Reporter | None = None


_state = _State()


def start(service: str, settings: AppSettings) -> None:
    """Report from now on, if SENTRY_DSN is set."""
    if settings.sentry_dsn is not None and _state.reporter is None:
        module = importlib.import_module("libs.observability.sentry")
        _state.reporter = cast("Reporter", module.Sentry(service, settings))


def stop() -> None:
    """Send what is left, for two seconds at most; nothing is reported any more."""
    reporter, _state.reporter = _state.reporter, None
    if reporter is not None:
        reporter.stop()


def report(error: BaseException, **tags: str) -> None:
    """Tell of an error that nobody foresaw; ``tags``: few words on where (queue, route, correlation_id)."""
    if _state.reporter is not None:
        _state.reporter.report(error, tags)
