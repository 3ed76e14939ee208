"""The toy connector: daily CSV files of a web server → batches on the bus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette

from libs.connector.pulls import utc_now
from libs.connector.worker import daily_app
from libs.http.worker import serve
from libs.observability import configure_logging
from libs.settings import load
from tests.connectors.toy.client import WebReports
from tests.connectors.toy.parse import FORMAT
from tests.connectors.toy.settings import ToySettings


def create_app(settings: ToySettings, now: Callable[[], datetime] = utc_now) -> Starlette:
    """The worker. Runs as surfside: a name of its own would stand in contracts/."""
    reports = WebReports(settings.toy_base_url, settings.toy_max_file_bytes)
    return daily_app("surfside", settings, reports, FORMAT, now)


def main() -> None:
    """Run until SIGTERM."""
    settings = load(ToySettings)
    configure_logging("surfside", settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
