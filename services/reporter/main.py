"""The reporter: makes the reports that are due, and sends them."""

from __future__ import annotations

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.mail import make_mailer
from libs.observability.starting import observe
from libs.settings import load
from services.reporter.handlers import subscribe
from services.reporter.handlers.making import Press
from services.reporter.handlers.sending import Patience, Sender
from services.reporter.settings import ReporterSettings

SERVICE = "reporter"


def create_app(settings: ReporterSettings) -> Starlette:
    """The worker with its subscriber, and the sender beside it."""
    engine = make_engine(settings, SERVICE)
    bus = Bus(settings, SERVICE)
    patience = Patience(
        settings.report_wait_hours,
        settings.report_look_seconds,
        settings.mail_retry_seconds,
        settings.mail_kept_days,
    )
    sender = Sender(engine, make_mailer(settings), Press(engine), patience)
    subscribe(bus, engine, on_report=sender.look)
    return worker_app(SERVICE, bus=bus, engine=engine, background=(sender.run,))


def main() -> None:
    """Run until SIGTERM."""
    settings = load(ReporterSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
