"""How fast it is, as figures, and how much comes over the network, as a limit.

Times are the browser's own, from the event to the frame in which all is drawn.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.browser import BROWSER
from tests.browser.figures import Figures
from tests.browser.system import LARGE, LARGE_CREATIVES, System
from tests.browser.visit import Door

pytestmark = BROWSER
TIMES = 5
MOST_BYTES = 350_000
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
  .map(({ name, transferSize, encodedBodySize }) => [name, transferSize, encodedBodySize])
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


async def test_the_first_view_with_a_cold_cache(visit: Door, system: System, figures: Figures) -> None:
    address = f"/overview?client={system.clients['Northwind Outfitters']}"
    times, bytes_of_page, bytes_of_answers = [], [], []
    for _ in range(TIMES):
        here = await visit(system.admin)  # a context of its own has a cache of its own
        await here.page.add_init_script(_WHEN_INTERACTIVE)
        await here.go(address)
        times.append(float(await here.page.evaluate("() => window.interactive")))
        found = await here.page.evaluate(_TRANSFERRED)
        bytes_of_answers.append(_sum(each for each in found if "/api/" in each[0]))
        bytes_of_page.append(_sum(each for each in found if "/api/" not in each[0]))
        await here.page.context.close()
    figures.add("first view with a cold cache", times, "ms", "≤ 1000 ms")
    figures.add("files of the first view, gzip", bytes_of_page, "kB", "≤ 350 kB")
    figures.add("answers of the first view", bytes_of_answers, "kB", "–")
    assert max(bytes_of_page) + max(bytes_of_answers) <= MOST_BYTES / 1000


def _sum(found: Any) -> float:
    return float(sum(transferred for _, transferred, _ in found)) / 1000


async def test_an_explorer_of_many_creatives(visit: Door, system: System, figures: Figures) -> None:
    here = await visit(system.admin)
    page = here.page
    last = system.days[-1]
    await here.go(f"/explorer?client={system.clients[LARGE]}&level=creative&range={system.days[-7]}..{last}")
    count = int(await page.locator(".grid").get_attribute("aria-rowcount") or 0) - 2
    assert count >= LARGE_CREATIVES
    heads = [f".line-head .cell:nth-child({n}) button" for n in (2, 3, 4, 6, 7, 8, 9)]
    sorts = [await drawn(page, head, "click") for head in heads]
    figures.add(f"sort of {count:,} creatives", sorts, "ms", "≤ 200 ms")
    jumps = [await drawn(page, ".grid", "scroll", row) for row in range(2_000, 50_000, 7_001)]
    figures.add(f"jump within {count:,} creatives", jumps, "ms", "≤ 200 ms")
    figures.add(f"filter of {count:,} creatives", await filtered(page), "ms", "≤ 300 ms")


async def test_a_filter_of_the_overview(visit: Door, system: System, figures: Figures) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?client={system.clients['Northwind Outfitters']}")
    figures.add("filter of the overview", await filtered(here.page), "ms", "≤ 300 ms")


async def filtered(page: Page) -> list[float]:
    """Of one source, of another, of all."""
    sources = ("vibe", "facebook", "surfside", "all")
    return [await drawn(page, "select[aria-label=Source]", "choose", source) for source in sources]


async def drawn(page: Page, selector: str, act: str, value: str | int = "") -> float:
    """Milliseconds from doing something to the frame in which nothing is awaited any more."""
    return float(await page.evaluate(_UNTIL_DRAWN, [selector, act, value]))
