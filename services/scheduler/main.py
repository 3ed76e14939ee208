"""The scheduler: the clock of the system."""

from __future__ import annotations

import os
import socket

from starlette.applications import Starlette

from libs.bus import Bus
from libs.db.engine import make_engine
from libs.http.worker import serve, worker_app
from libs.observability.starting import observe
from libs.settings import load
from services.scheduler.handlers import WallClock, keep_time
from services.scheduler.rules import jobs
from services.scheduler.settings import SchedulerSettings

SERVICE = "scheduler"


def create_app(settings: SchedulerSettings) -> Starlette:
    """A worker without queues: the clock runs beside the relay of its outbox."""
    engine = make_engine(settings, SERVICE)
    scheduled = jobs(
        surfside=settings.surfside_cron,
        vibe=settings.vibe_cron,
        summaries=settings.summary_cron,
        digest=settings.digest_cron,
        reports=settings.report_cron,
        report_hour=settings.report_hour,
        zone=settings.scheduler_timezone,
    )
    name = f"{socket.gethostname()}:{os.getpid()}"
    return worker_app(
        SERVICE,
        bus=Bus(settings, SERVICE),
        engine=engine,
        background=(lambda: keep_time(engine, scheduled, WallClock(), name),),
    )


def main() -> None:
    """Run until SIGTERM."""
    settings = load(SchedulerSettings)
    observe(SERVICE, settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
