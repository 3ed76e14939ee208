"""The loader's composition root."""

from __future__ import annotations

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability.starting import observe
from libs.settings import load
from services.loader.handlers import subscribe
from services.loader.handlers.headstart import HeadStart
from services.loader.handlers.housekeeping import Keeping, keep_house
from services.loader.settings import LoaderSettings

SERVICE = "loader"


def create_app(settings: LoaderSettings) -> Starlette:
    """The loader as an ASGI app; it works while the app's lifespan does."""
    engine = make_engine(settings, SERVICE)
    bus = Bus(settings, SERVICE)
    head_start = HeadStart(engine, settings.head_start_rows)
    subscribe(bus, engine, head_start, settings.default_cpm)
    kept = Keeping(settings.stalled_after_minutes, settings.staging_kept_days, settings.displaced_kept_days)
    return worker_app(
        SERVICE,
        bus=bus,
        engine=engine,
        background=(lambda: keep_house(engine, kept, settings.housekeeping_seconds), head_start.work),
    )


def main() -> None:
    """Run the loader until it is told to stop."""
    settings = load(LoaderSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
