"""Reports to Sentry. Imported only where SENTRY_DSN is set.

None of Sentry's integrations is used: they would add requests with bodies and headers, breadcrumbs of logs
and statements, and local variables. A report is the exception, scrubbed, and few tags.
"""

from __future__ import annotations

from typing import Any, cast

import sentry_sdk
from sentry_sdk.types import Event, Hint

from libs.observability.scrubbing import scrubbed
from libs.settings import AppSettings

STOP_SECONDS = 2
_LEFT_OUT = ("request", "user", "extra", "breadcrumbs", "modules")


class Sentry:
    """Sends unexpected errors, each from a thread of the library's own."""

    def __init__(self, service: str, settings: AppSettings) -> None:
        if settings.sentry_dsn is None:
            raise ValueError("SENTRY_DSN is not set")
        sentry_sdk.init(
            dsn=settings.sentry_dsn.get_secret_value(),
            release=settings.app_version,
            environment=settings.environment,
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            send_client_reports=False,
            auto_session_tracking=False,
            shutdown_timeout=STOP_SECONDS,
            before_send=before_send,
        )
        sentry_sdk.get_global_scope().set_tag("service", service)

    def report(self, error: BaseException, tags: dict[str, str]) -> None:
        """Send one."""
        with sentry_sdk.new_scope() as scope:
            for name, value in tags.items():
                scope.set_tag(name, value)
            scope.capture_exception(error)

    def stop(self) -> None:
        """Send what is left."""
        sentry_sdk.flush(timeout=STOP_SECONDS)
        sentry_sdk.get_client().close(timeout=0)


def before_send(event: Event, _: Hint) -> Event:
    """Without what may hold a person's data, and every text scrubbed."""
    kept = {name: value for name, value in event.items() if name not in _LEFT_OUT}
    return cast("Event", _scrubbed(kept))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        return {name: _scrubbed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(inner) for inner in value]
    return value
