"""The notifier: what people have to hear of, one notification per matter, and the mail that tells it."""

from __future__ import annotations

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.mail import make_mailer
from libs.observability.starting import observe
from libs.settings import load
from services.notifier.handlers import subscribe
from services.notifier.handlers.sending import Post, Sender
from services.notifier.rules.alarms import Limits
from services.notifier.settings import NotifierSettings

SERVICE = "notifier"


def create_app(settings: NotifierSettings) -> Starlette:
    """The worker with its subscribers, and the sender beside it; it announces nothing, so it has no relay."""
    engine = make_engine(settings, SERVICE)
    bus = Bus(settings, SERVICE)
    post = Post(
        settings.alert_recipients, settings.public_url, settings.mail_retry_seconds, settings.mail_kept_days
    )
    sender = Sender(engine, make_mailer(settings), post)
    limits = Limits(
        settings.rejected_alert_share, settings.duplicate_alert_share, settings.mail_group_seconds
    )
    subscribe(bus, engine, limits=limits, on_mail=sender.look, public_url=settings.public_url)
    return worker_app(SERVICE, bus=bus, engine=engine, relay=False, background=(sender.run,))


def main() -> None:
    """Run until SIGTERM."""
    settings = load(NotifierSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
