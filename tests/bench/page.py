"""`make bench-page`: the page in Chromium (`python -m tests.bench.page [--quick] [--strict]`).

The real gateway serves it, with the demo's three clients and one of 50,000 creatives, whose files went the
whole way through S3, the connector, the loader and the aggregator. Times are the browser's own, from the
event to the frame in which nothing is awaited any more. Browser and services share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Page, async_playwright

from deploy.local import Infra, ensure, stop
from tests.bench.figures import Figures, Target, console
from tests.bench.rig import folder_of
from tests.browser import large
from tests.browser.system import System, running
from tests.browser.visit import Door, door, launch

ROOT = Path(__file__).parents[2]
NAME = "bench-page"
CLIENT = "Northwind Outfitters"
VISITS, QUICK_VISITS, QUICK_CREATIVES = 9, 3, 5_000
COLUMNS = (2, 3, 4, 6, 7, 8, 9)
"""Of the table: those that are sorted by, each for the first time."""
SOURCES = ("vibe", "facebook", "surfside", "all")
MOVING = {"reduced_motion": "no-preference"}
"""As most people have it."""
_WHEN_INTERACTIVE = """
(() => {
  const look = () => {
    const there = document.querySelector(".tile data") !== null
      && document.querySelector("[aria-busy=true], .skeleton") === null;
    if (there) window.interactive = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_TRANSFERRED = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000
"""
_UNTIL_DRAWN = """
([selector, act, value]) => new Promise((resolve) => {
  const element = document.querySelector(selector);
  const began = performance.now();
  if (act === "click") element.click();
  else if (act === "scroll") element.scrollTop = value * 36;
  else {
    element.value = value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const look = () => {
    const waits = document.querySelector("[aria-busy=true], .skeleton, .stale") !== null
      || (act === "scroll" && document.querySelector(`.lines [aria-rowindex="${value + 3}"]`) === null);
    if (!waits) requestAnimationFrame(() => resolve(performance.now() - began));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""


def main() -> int:
    """The exit code: with ``--strict`` 1 when a target is missed."""
    given = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # services and servers are ended in order
    infra, figures = ensure(ROOT, name=NAME), Figures("page")
    try:
        asyncio.run(run(infra, figures, quick=given.quick))
    finally:
        if figures.all:
            figures.print()
            print(f"written: {figures.write(folder_of(infra))}")
        if not given.keep:
            stop(ROOT, NAME)
    return 1 if given.strict and figures.missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.page", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5,000 creatives, few visits")
    parser.add_argument("--keep", action="store_true", help="leave the servers running")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    return parser.parse_args()


async def run(infra: Infra, figures: Figures, *, quick: bool) -> None:
    """First views, then the table of many creatives, then filters."""
    creatives, visits = (QUICK_CREATIVES, QUICK_VISITS) if quick else (large.CREATIVES, VISITS)
    async with (
        running(infra, creatives) as system,
        async_playwright() as playwright,
        launch(playwright) as chromium,
        door(chromium, system) as visit,
    ):
        await first_view(visit, system, figures, visits)
        await explorer(visit, system, figures, creatives)
        await overview(visit, system, figures)
    # Far above the number of cores: others used the machine, and times say little.
    console.print(f"load of {os.cpu_count()} cores in the last minute: {os.getloadavg()[0]:.1f}")


async def first_view(visit: Door, system: System, figures: Figures, visits: int) -> None:
    """Of the overview, each time with an empty cache."""
    times, shifts, bytes_ = [], [], []
    for _ in range(visits):  # each in a context of its own, with a cache of its own
        here = await visit(system.admin, **MOVING)
        await here.page.add_init_script(_WHEN_INTERACTIVE)
        await here.go(f"/overview?client={system.clients[CLIENT]}")
        times.append(float(await here.page.evaluate("() => window.interactive")))
        shifts.append(sum(share for share, _ in await here.shifts()))
        bytes_.append(float(await here.page.evaluate(_TRANSFERRED)))
        await here.page.context.close()
    _add(figures, "first view, cold cache: interactive", times, "ms", 1000)
    figures.add("page", "first view: layout shift, worst", max(shifts), "", target=Target("<=", 0))
    _add(figures, "first view: files and answers, gzip", bytes_, "kB", 350)


async def explorer(visit: Door, system: System, figures: Figures, creatives: int) -> None:
    """Sorted, scrolled and filtered: rows that the browser does not have come from the gateway."""
    here = await visit(system.admin, **MOVING)
    days = f"{system.days[-large.DAYS]}..{system.days[-1]}"
    client = system.clients[large.SPEC.name]
    await here.go(f"/explorer?client={client}&level=creative&range={days}")
    many = f"{creatives:,} creatives"
    sorts = [await _drawn(here.page, f".line-head .cell:nth-child({n}) button", "click") for n in COLUMNS]
    _add(figures, f"Explorer: sort of {many}", sorts, "ms", 200)
    rows = range(creatives // 25, creatives - 100, creatives // 7)
    jumps = [await _drawn(here.page, ".grid", "scroll", row) for row in rows]
    _add(figures, f"Explorer: scroll to rows far off among {many}", jumps, "ms", 200)
    _add(figures, f"Explorer: filter of {many}", await _filtered(here.page), "ms", 300)


async def overview(visit: Door, system: System, figures: Figures) -> None:
    """Another source, of all tiles, the chart and lists."""
    here = await visit(system.admin, **MOVING)
    await here.go(f"/overview?client={system.clients[CLIENT]}")
    _add(figures, "Overview: filter", await _filtered(here.page), "ms", 300)


async def _filtered(page: Page) -> list[float]:
    return [await _drawn(page, "select[aria-label=Source]", "choose", source) for source in SOURCES]


async def _drawn(page: Page, selector: str, act: str, value: Any = "") -> float:
    return float(await page.evaluate(_UNTIL_DRAWN, [selector, act, value]))


def _add(figures: Figures, what: str, values: Sequence[float], unit: str, most: float) -> None:
    what = f"{what}, median of {len(values)}"
    figures.add("page", what, median(values), unit, target=Target("<=", most))


if __name__ == "__main__":
    sys.exit(main())
