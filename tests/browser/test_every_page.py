"""Every page, light and dark, wide and on a phone: nothing is complained of, jumps or sticks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from deploy.world.facebook_exports import csv_bytes
from tests.browser import BROWSER
from tests.browser.looks import sticking_out, violations
from tests.browser.system import SCRATCH, System, scratch_export
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
DIALOGS = (
    ("/administration", "Add a client"),
    ("/administration", "Edit"),
    ("/administration?tab=users", "Add a user"),
    ("/administration?tab=users", "Reset password"),
    ("/administration?tab=rates&client={client}", "Set a CPM"),
    ("/administration?tab=reports", "Schedule a report"),
    ("/operations?tab=runs&run={run}", "Undo"),
    ("/account", "Add a key"),
    ("/account", "Set it up"),
)
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
    here = await visit(login, theme=theme, width=width)
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


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_what_asks_for_something(visit: Door, system: System, theme: Theme, width: Width) -> None:
    here = await visit(system.admin, theme=theme, width=width)
    for path, button in DIALOGS:
        await here.go(path.format_map(await _places(system)))
        dialogs = here.page.locator("dialog")
        there = await dialogs.count()
        await here.page.get_by_role("button", name=button, exact=button == "Undo").first.click()
        await expect(dialogs).to_have_count(there + 1)
        await here.settled()
        assert await sticking_out(here) == [], button
        assert await violations(here) == [], button


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_look_at_an_upload(
    visit: Door, system: System, theme: Theme, width: Width, tmp_path: Path
) -> None:
    here = await visit(system.admin, theme=theme, width=width)
    page = here.page
    file = tmp_path / "ads-by-day.csv"
    file.write_bytes(csv_bytes(scratch_export(system.days[-3:], seed=7).table()))
    await here.go(f"/uploads?client={system.clients[SCRATCH]}")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="See what would change").click()
    await expect(page.get_by_role("region", name="What would change")).to_be_visible()
    await here.settled()
    assert await sticking_out(here) == []
    assert await violations(here) == []
