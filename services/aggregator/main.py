"""The aggregator: loads → rollups, blocks and summaries."""

from __future__ import annotations

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability.starting import observe
from libs.settings import load
from services.aggregator.handlers import subscribe
from services.aggregator.settings import AggregatorSettings

SERVICE = "aggregator"


def create_app(settings: AggregatorSettings) -> Starlette:
    """The worker with its subscribers; nothing connects before it starts."""
    engine = make_engine(settings, SERVICE)
    bus = Bus(settings, SERVICE)
    subscribe(bus, engine)
    return worker_app(SERVICE, bus=bus, engine=engine)


def main() -> None:
    """Run until SIGTERM."""
    settings = load(AggregatorSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
