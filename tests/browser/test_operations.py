"""What an administrator looks into: the map of coverage, a day, the details of a run, what went wrong."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser import BROWSER
from tests.browser.hands import Hand
from tests.browser.system import System
from tests.browser.visit import Door

pytestmark = BROWSER
NORTHWIND = "Northwind Outfitters"


async def test_from_the_map_to_the_details_of_a_run(visit: Door, system: System, hand: type[Hand]) -> None:
    here = await visit(system.admin)
    page, use = here.page, hand(here.page)
    client, restated = system.clients[NORTHWIND], system.days[-3]
    await here.go(f"/operations?client={client}&source=surfside")
    heat = page.get_by_role("grid", name="Coverage by day")
    square = heat.get_by_role("button", name=f"{restated:%a}, {restated:%b} {restated.day}, {restated.year}")
    await use.open_cell(heat, square)
    day = page.get_by_role("dialog")
    runs = day.get_by_role("region", name="Runs of this day")
    await expect(runs.get_by_role("row")).to_have_count(3)  # a head, the first delivery, the restatement
    await expect(page).to_have_url(re.compile(f"surfside(~|%7E){restated}"))

    shown = await system.api.send(
        "GET",
        "/admin/ingestion-logs",
        params={"client_id": client, "source": "surfside", "start_date": restated, "end_date": restated},
    )
    newest = shown["data"][0]
    await use.press(runs.get_by_role("row").nth(1).get_by_role("link"))
    await expect(page).to_have_url(re.compile(f"run={newest['run_id']}"))
    details = page.get_by_role("dialog")
    await expect(details.get_by_role("heading", level=2)).to_contain_text(NORTHWIND)
    await expect(details.get_by_role("status").first).to_contain_text("All its rows stand")
    await expect(details).to_contain_text(f"{newest['rows_read']:,}")
    await page.keyboard.press("Escape")
    await expect(details).to_have_count(1)  # the day, from which it was opened
    await expect(page).to_have_url(re.compile(f"cell=.*{restated}"))


async def test_restatements_and_notifications_tell_what_happened(
    visit: Door, system: System, hand: type[Hand]
) -> None:
    here = await visit(system.admin)
    page, use = here.page, hand(here.page)
    await here.go("/operations")
    tabs = page.get_by_role("tablist", name="Parts of operations")
    await use.tab(tabs, "Restatements")
    await here.settled()
    await expect(page.get_by_role("tabpanel")).to_contain_text(NORTHWIND)
    await use.tab(tabs, "Notifications")
    await here.settled()
    await expect(page.get_by_role("tabpanel")).to_contain_text("Meridian Motors")
    await use.tab(tabs, "Queues")
    await here.settled()
    await expect(page.get_by_role("tabpanel")).to_contain_text("loader")
