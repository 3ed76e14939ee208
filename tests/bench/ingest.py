"""`make bench-ingest`: the loading path (`python -m tests.bench.ingest [--quick] [--only P1,P3] [--strict]`).

Servers and services are private to the benchmark; it ends them. Every figure is a ratio against a
baseline of the same run, because machines differ and are noisy; each phase prints which process used
how much processor time, and what the rest of the machine used meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from deploy.local import Infra, ensure, stop
from tests.bench import baselines, loader_alone, small_files, uploads, whole_path
from tests.bench.course import DAYS, FULL, QUICK, Course
from tests.bench.figures import Figures, console
from tests.bench.rig import Rig, folder_of

ROOT = Path(__file__).parents[2]
NAME = "bench"
MUCH = 0.1
PARTS = ("P1", "P2", "P3", "P4", "P5", "P8", "uploads")


def main() -> int:
    """The exit code: with ``--strict`` 1 when a target is missed."""
    given = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # services and servers are ended in order
    infra = ensure(ROOT, name=NAME)
    figures = Figures("ingest")
    try:
        asyncio.run(run(infra, figures, creatives=QUICK if given.quick else FULL, only=given.only))
    finally:
        if figures.all:
            figures.print()
            print(f"written: {figures.write(folder_of(infra))}")
        if not given.keep:
            stop(ROOT, NAME)
    return 1 if given.strict and figures.missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ingest", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 rows instead of a million")
    parser.add_argument("--keep", action="store_true", help="leave the servers running")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument(
        "--only",
        type=lambda text: set(text.split(",")),
        default=set(PARTS),
        help=f"some of {','.join(PARTS)}; what they are compared with is always measured",
    )
    return parser.parse_args()


async def run(infra: Infra, figures: Figures, *, creatives: int, only: set[str]) -> None:
    """All phases, in the order in which they need one another."""
    began = time.monotonic()
    async with Rig.open(infra) as rig:
        course = Course(rig, figures, datetime.now(UTC).date(), creatives)
        await _baselines(course)
        await rig.start()
        console.print(f"\nservices: {', '.join(rig.stack.processes)}")
        seconds_per_file = await small_files.flat_memory(course) if only & {"P5", "P8"} else 0
        await _whole_path(course, only)
        if "P1" in only:
            await loader_alone.alone(course)
        if "P8" in only:
            await small_files.refresh(course)
            await small_files.freshness(course, seconds_per_file)
        if "P4" in only:
            await loader_alone.two_loaders(course)
        if "uploads" in only:
            await uploads.upload(course)
    disturbed = sum(rig.disturbed) / len(rig.disturbed)
    console.print(f"\nall of it took {time.monotonic() - began:.0f} s")
    if disturbed > MUCH:
        console.print(
            f"[red]Other processes used {disturbed:.0%} of the machine: trust processor times only.[/red]"
        )


async def _whole_path(course: Course, only: set[str]) -> None:
    first = await whole_path.first_load(course)
    await whole_path.new_days(course, first)
    if only & {"P1", "P5"}:
        await whole_path.one_file(course)
    if "P3" in only:
        await whole_path.repeated(course)
        await whole_path.bloat(course)
    if "P1" in only:
        await whole_path.restated(course)


async def _baselines(course: Course) -> None:
    rows = baselines.rows_of(course.files(course.days(whole_path.NEW)))
    facts = baselines.facts_of(rows)
    course.copy = await baselines.copy(course.rig.stack.owner_url, facts, course.rig.snapshot)
    course.copy.print()
    rate = course.rows / course.copy.wall
    course.figures.add("base", f"COPY of {course.rows:,} rows, median of {baselines.TIMES}", rate, "rows/s")
    course.dlt_seconds = await baselines.dlt_seconds(course.rig.infra.database_url, rows)
    rate = course.rows / course.dlt_seconds
    course.figures.add("base", f"dlt's merge of the same {DAYS} days into a flat table", rate, "rows/s")


if __name__ == "__main__":
    sys.exit(main())
