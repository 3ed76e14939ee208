"""`make bench-api`: the API under load (`python -m tests.bench.api [--rows 54] [--keep] [--only P7,P9]`).

It asks about the clients that bench-dashboard builds, and builds them where they are not there yet.
"""

from __future__ import annotations

import sys
import time

from deploy.local import Infra
from tests.bench import browsing, downloads
from tests.bench.asking import Asking
from tests.bench.browsing import Browsing
from tests.bench.figures import Figures, console
from tests.bench.options import Options, measure, options
from tests.bench.place import PASSWORD, Place
from tests.bench.rig import Rig

SERVICES = ("surfside", "loader", "aggregator", "notifier", "gateway")
SECONDS, FEW_SECONDS = 60.0, 8.0
TIMES = 200
MUCH = 0.1
PARTS = ("P7", "P9")


def main() -> int:
    """The exit code: with ``--strict`` 1 when a target is missed."""
    return measure("api", options("tests.bench.api", __doc__, PARTS, "54", "0.2"), run)


async def run(infra: Infra, figures: Figures, given: Options) -> None:
    """All sizes, the smallest first."""
    began = time.monotonic()
    for size in given.sizes:
        async with Place.open(infra, size, *SERVICES) as place:
            await _size(place, figures, given)
    console.print(f"\nall of it took {time.monotonic() - began:.0f} s")


async def _size(place: Place, figures: Figures, given: Options) -> None:
    async with (
        Rig.open(place.infra, place.stack) as rig,
        Asking.signed_in(place.stack.url("gateway"), PASSWORD) as asking,
    ):
        if "P7" in given.only:
            seconds = FEW_SECONDS if given.quick else SECONDS
            course = Browsing(place, rig, asking, figures, given.times or TIMES, seconds)
            await browsing.warm(course)
            await browsing.users(course)
        if "P9" in given.only:
            await downloads.downloads(place, asking, figures, 0.05 if given.quick else 1)
    if rig.disturbed and max(rig.disturbed) > MUCH:
        console.print(f"[red]Other processes used {max(rig.disturbed):.0%} of the machine.[/red]")


if __name__ == "__main__":
    sys.exit(main())
