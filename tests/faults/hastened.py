"""``python -m tests.faults.hastened``: the Vibe connector by a clock that runs fast: hours become seconds.

The simulator has the same clock (``TIDEMARK_CLOCK``). What stands for the time that machines and networks
take, and not for Vibe's, stays as long as it is by the clock on the wall.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from libs.http.worker import serve
from libs.observability import configure_logging
from libs.settings import load
from services.connectors.vibe.handlers import asking
from services.connectors.vibe.main import SERVICE, create_app
from services.connectors.vibe.rules import limits
from services.connectors.vibe.settings import VibeSettings
from tests.faults.mutations import replace

VARIABLE = "TIDEMARK_CLOCK"
BEHIND = 2 * 86_400
"""Seconds: what happens by this clock is past for everybody else."""
TRAVEL_SECONDS = 1.0
"""What a call may take to Vibe and into its count. The real margin of an hour is seven seconds long."""
ANSWER_SECONDS = 1.5
"""So long after a kill nobody can be waiting for Vibe's answer: the only process that asked is gone."""


@dataclass(frozen=True)
class FastClock:
    """``began``: seconds of the wall's clock; ``speed``: its seconds in one of the wall's."""

    began: float
    speed: float

    def __call__(self) -> datetime:
        passed = (time.time() - self.began) * self.speed
        return datetime.fromtimestamp(self.began - BEHIND + passed, UTC)

    @property
    def said(self) -> str:
        """For the environment of a process."""
        return f"{self.began} {self.speed}"


def clock_of(said: str) -> FastClock:
    """The same clock in another process."""
    began, speed = said.split()
    return FastClock(float(began), float(speed))


def main() -> None:
    """Run until SIGTERM."""
    clock = clock_of(os.environ[VARIABLE])
    replace(limits, "MARGIN_SECONDS", TRAVEL_SECONDS * clock.speed)
    replace(asking, "ANSWER_SECONDS", ANSWER_SECONDS * clock.speed)
    settings = load(VibeSettings)
    configure_logging(SERVICE, settings)
    serve(create_app(settings, clock), settings)


if __name__ == "__main__":
    main()
