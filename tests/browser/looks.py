"""What may be wrong with how a page looks, and is found by a machine."""

from __future__ import annotations

from typing import Any

from tests.browser.system import root
from tests.browser.visit import Visit

_AXE = "services/gateway/web/node_modules/axe-core/axe.min.js"
_VIOLATIONS = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const whereOf = ({ target, failureSummary }) => [target, failureSummary];
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(whereOf) }));
}
"""
_STICKS_OUT = """
() => [document.documentElement, document.body, ...document.querySelectorAll("main, .page")]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
  .map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth} px in ${clientWidth} px`)
"""


async def violations(visit: Visit) -> list[dict[str, Any]]:
    """What axe-core says. Its script comes past the page's policy, which holds for the page itself."""
    await visit.page.evaluate((root() / _AXE).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await visit.page.evaluate(_VIOLATIONS)
    return found


async def sticking_out(visit: Visit) -> list[str]:
    """What makes the page wider than its window."""
    found: list[str] = await visit.page.evaluate(_STICKS_OUT)
    return found
