"""The first view with an empty cache: how much comes over the network. Times: `make bench-page`."""

from __future__ import annotations

from tests.browser import BROWSER
from tests.browser.system import System
from tests.browser.visit import Door

pytestmark = BROWSER
MOST_BYTES = 350_000
_TRANSFERRED = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map(({ name, transferSize }) => [name, transferSize])
"""


async def test_files_and_answers_are_few_and_nothing_jumps(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?client={system.clients['Northwind Outfitters']}")
    found = await here.page.evaluate(_TRANSFERRED)
    assert any("/assets/trend" in name for name, _ in found), "the chart is a part of the first view"
    assert any("/api/v1/dashboard" in name for name, _ in found), "so are the answers"
    assert sum(size for _, size in found) <= MOST_BYTES, found
    assert await here.shifts() == []
