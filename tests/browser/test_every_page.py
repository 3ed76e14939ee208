"""Every page, light and dark, wide and on a phone: nothing is complained of, jumps or sticks out."""

from __future__ import annotations

import pytest

from tests.browser import BROWSER
from tests.browser.looks import sticking_out, violations
from tests.browser.system import System
from tests.browser.visit import SIZES, Door, Theme, Width

pytestmark = BROWSER
OPERATIONS = (
    *("coverage", "runs", "quarantine", "restatements", "backfill", "queues", "notifications"),
    *("schedules", "audit"),
)
PAGES = {
    "sign-in": "/login",
    "overview": "/overview?client={client}",
    "overview-year": "/overview?client={client}&compare=previous_year&by=week",
    "explorer": "/explorer?client={client}",
    "creatives": "/explorer?client={client}&level=creative&changes=1",
    "uploads": "/uploads",
    **{f"operations-{tab}": f"/operations?tab={tab}" for tab in OPERATIONS},
    "coverage-table": "/operations?shown=table",
    "run": "/operations?tab=runs&run={run}",
    **{f"administration-{tab}": f"/administration?tab={tab}" for tab in ("clients", "users", "reports")},
    "sources": "/administration?tab=sources&client={client}",
    "cpms": "/administration?tab=rates&client={client}",
    "account": "/account",
}
MOST_SHIFT = 0.02


async def _places(system: System) -> dict[str, str]:
    newest = await system.api.send("GET", "/admin/ingestion-logs", params={"status": "partial"})
    run = newest["data"][0]["run_id"] if newest["data"] else ""
    return {"client": system.clients["Meridian Motors"], "run": str(run)}


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
async def test_nothing_to_complain_of(
    visit: Door, system: System, name: str, theme: Theme, width: Width
) -> None:
    login = None if name == "sign-in" else system.admin
    here = await visit(login, theme=theme, size=SIZES[width])
    await here.go(PAGES[name].format_map(await _places(system)))
    shifts = await here.shifts()
    assert sum(share for share, _ in shifts) <= MOST_SHIFT, shifts
    assert await sticking_out(here) == []
    assert await violations(here) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_what_opens_over_a_page(visit: Door, system: System, theme: Theme) -> None:
    here = await visit(system.admin, theme=theme)
    page = here.page
    await here.go(f"/explorer?client={system.clients['Northwind Outfitters']}")
    for opener in (
        "Client:",
        "Days:",
        "Saved views",
        "Columns",
        "Export of what is seen",
        "Account and colours",
    ):
        await page.get_by_role("button", name=opener).first.click()
        await page.locator(".popup").wait_for()
        await here.settled()
        assert await violations(here) == [], opener
        await page.keyboard.press("Escape")
        await page.locator(".popup").wait_for(state="detached")
    await page.locator("[data-cell^='1,'] button").first.click()
    await page.get_by_role("dialog").wait_for()
    await here.settled()
    assert await violations(here) == []
