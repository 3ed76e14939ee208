"""The notifier: what people have to hear of, one notification per matter."""

from __future__ import annotations

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability import configure_logging
from libs.settings import load
from services.notifier.handlers import subscribe
from services.notifier.settings import NotifierSettings

SERVICE = "notifier"


def create_app(settings: NotifierSettings) -> Starlette:
    """The worker with its subscribers; it announces nothing, so it has no relay."""
    engine = make_engine(settings, SERVICE)
    bus = Bus(settings, SERVICE)
    subscribe(bus, engine)
    return worker_app(SERVICE, bus=bus, engine=engine, relay=False)


def main() -> None:
    """Run until SIGTERM."""
    settings = load(NotifierSettings)
    configure_logging(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
