"""`make bench-dashboard`: cold reading at several sizes (`python -m tests.bench.dashboard [--rows 1,10]`).

The largest of ten clients has so many million rows a year, over 13 months; nine others have a hundredth of
them each. What is built is kept with ``--keep`` and used again, also by bench-api; a database that older code
built is built anew. Figures of sizes that are not measured now stay in the JSON file.
"""

from __future__ import annotations

import asyncio
import sys
import time

from deploy.local import Infra
from tests.bench import cold, repricing
from tests.bench.asking import Asking
from tests.bench.expected import Model
from tests.bench.figures import Figures, console
from tests.bench.options import Options, measure, options
from tests.bench.place import PASSWORD, Place, Size

TIMES = 20
PARTS = ("P6", "alone", "P11")


def main() -> int:
    """The exit code: with ``--strict`` 1 when a target is missed."""
    return measure("dashboard", options("tests.bench.dashboard", __doc__, PARTS, "1,10,54", "0.05,0.2"), run)


async def run(infra: Infra, figures: Figures, given: Options) -> None:
    """All sizes, the smallest first; databases with one range only for the largest of them."""
    began = time.monotonic()
    for size in given.sizes:
        found = await _size(infra, figures, size, given)
        if "alone" in given.only and size == given.sizes[-1] and found:
            await cold.against_range_alone(infra, figures, size, found, given.times or TIMES)
    console.print(f"\nall of it took {time.monotonic() - began:.0f} s")


async def _size(infra: Infra, figures: Figures, size: Size, given: Options) -> dict[str, list[float]]:
    """P6 and P11 at one size; the seconds of P6 by range."""
    found = {}
    async with Place.open(infra, size, "gateway") as place:
        model = await asyncio.to_thread(Model.of, place.largest.maker)
        rows = model.rows(model.sums)
        console.print(
            f"\n[bold]{size.label}[/bold]: {rows:,} rows of the largest client in {len(model.sums)} days"
        )
        if "P6" in given.only:
            rates = await cold.rates_of(place.owner, place.largest)
            async with Asking.signed_in(place.stack.url("gateway"), PASSWORD) as asking:
                course = cold.Cold(place, asking, figures, given.times or TIMES)
                found = await cold.dashboards(course, model, rates)
                await cold.against_plain_sql(course)
        if "P11" in given.only:
            await repricing.reprice(place, figures, model)
    return found


if __name__ == "__main__":
    sys.exit(main())
