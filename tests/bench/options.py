"""What the benchmarks of reading have in common: arguments, servers, and what is left when they end."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local import Infra, ensure, stop
from tests.bench import growth
from tests.bench.figures import Figures
from tests.bench.place import Size
from tests.bench.rig import folder_of

ROOT = Path(__file__).parents[2]
NAME = "bench-reads"
"""Of the servers: not bench-ingest's, which deletes its data."""
QUICK_DAYS, QUICK_TIMES = 45, 2


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    quick: bool
    sizes: Sequence[Size]
    """The smallest first."""
    times: int
    """How often a question is asked; 0: as often as is usual."""
    only: frozenset[str]
    keep: bool
    strict: bool


def options(module: str, about: str | None, parts: Sequence[str], full: str, quick: str) -> Options:
    """From the command line; ``full`` and ``quick`` are the sizes where none are named."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.add_argument("--quick", action="store_true", help=f"small sizes ({quick}), weeks, few questions")
    parser.add_argument("--rows", help=f"sizes, in millions of rows of a client-year (else {full})")
    parser.add_argument("--times", type=int, default=0, help="how often a question is asked")
    parser.add_argument("--keep", action="store_true", help="leave servers and data for the next run")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument("--only", default=",".join(parts), help=f"some of {','.join(parts)}")
    given = parser.parse_args()
    only = frozenset(given.only.split(","))
    if unknown := only - set(parts):
        parser.error(f"--only {','.join(sorted(unknown))}: choose from {','.join(parts)}")
    try:
        rows = sorted(float(part) for part in (given.rows or (quick if given.quick else full)).split(","))
    except ValueError:
        parser.error(f"--rows {given.rows}: say millions of rows, for example 1,10,54")
    sizes = [Size(each, QUICK_DAYS if given.quick else 0) for each in rows]
    times = given.times or (QUICK_TIMES if given.quick else 0)
    return Options(given.quick, sizes, times, only, given.keep, given.strict)


def measure(name: str, given: Options, run: Callable[[Infra, Figures, Options], Awaitable[None]]) -> int:
    """Run a benchmark and show what it found; the exit code: with ``strict`` 1 when a target is missed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # services and servers are ended in order
    infra, figures = ensure(ROOT, name=NAME), Figures(name)

    async def all_of_it() -> None:
        await run(infra, figures, given)

    try:
        asyncio.run(all_of_it())
    finally:
        if figures.all:
            figures.print()
            path = growth.write(figures, folder_of(infra))
            print(f"written: {path}\n\n{growth.table(path)}")
        if not given.keep:
            stop(ROOT, NAME)
    return 1 if given.strict and figures.missed else 0
