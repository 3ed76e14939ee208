"""An upload from the look at what it would change to its undoing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from deploy.world.facebook_exports import Export, csv_bytes
from libs.testing.waiting import eventually
from tests.browser import BROWSER
from tests.browser.hands import HANDS, Hand
from tests.browser.system import SCRATCH, System, scratch_export
from tests.browser.visit import Door, Visit

pytestmark = BROWSER


async def summary(system: System) -> dict[str, Any]:
    """Of all days of the client."""
    return await system.api.summary(system.clients[SCRATCH], system.days[0], system.days[-1])


async def test_look_load_watch_find_and_undo(
    visit: Door, system: System, hand: type[Hand], tmp_path: Path
) -> None:
    seed = 20 + HANDS.index(hand)
    exported = scratch_export(system.days[-20:-12], seed=seed)
    file = tmp_path / f"ads {seed}.csv"
    file.write_bytes(csv_bytes(exported.table()))
    before = await summary(system)
    here = await visit(system.admin)
    use = hand(here.page)
    await here.go(f"/uploads?client={system.clients[SCRATCH]}")

    await look(here, use, file, exported)
    assert await summary(system) == before, "a look changed something"
    await load(here, use)
    await figures_become(system, int(before["impressions"]) + exported.totals.impressions)
    await undo(here, use, file.name)
    await figures_become(system, int(before["impressions"]))


async def look(here: Visit, use: Hand, file: Path, exported: Export) -> None:
    """The dry run shows the figures that the file brings."""
    page = here.page
    await use.give_file(page.locator("input[type=file]"), file)
    await use.press(page.get_by_role("button", name="See what would change"))
    found = page.get_by_role("region", name="What would change")
    await expect(found).to_contain_text("Nothing has changed yet")
    added = found.locator(".tiles-small div", has_text="Added").locator("data")
    await expect(added).to_have_attribute("value", str(exported.totals.rows))
    totals = found.get_by_role("table", name="Totals before and after")
    shown = totals.get_by_role("row", name="Impressions").locator(
        f"data[value='{exported.totals.impressions}']"
    )
    await expect(shown.first).to_be_visible()


async def load(here: Visit, use: Hand) -> None:
    """Confirmed, its progress is followed to the end."""
    page = here.page
    await use.press(page.get_by_role("button", name="Load it"))
    outcome = page.get_by_role("region", name="Upload", exact=True)
    await expect(outcome.get_by_role("status")).to_contain_text("Loaded")
    await expect(outcome.get_by_role("button", name="Upload another file")).to_be_visible()


async def undo(here: Visit, use: Hand, name: str) -> None:
    """Found in the history, its details offer it."""
    page = here.page
    history = page.get_by_role("region", name="Uploads so far")
    await expect(history.get_by_role("row", name=name)).to_contain_text("Loaded")
    await use.press(history.get_by_role("button", name=name))
    drawer = page.get_by_role("dialog", name=name)
    await expect(drawer).to_contain_text("Rows read")
    await use.press(drawer.get_by_role("button", name="Undo", exact=True))
    await use.press(page.get_by_role("button", name="Undo it"))
    await expect(drawer).to_have_count(0)
    await expect(history.get_by_role("row", name=name)).to_have_count(0)


async def figures_become(system: System, impressions: int) -> None:
    """What the API shows, soon."""

    async def look() -> bool:
        return bool((await summary(system))["impressions"] == impressions)

    await eventually(look, within=30, what=f"{impressions} impressions")


async def test_a_file_is_dropped_and_refused_with_its_reason(
    visit: Door, system: System, tmp_path: Path
) -> None:
    here = await visit(system.admin)
    here.expected = ("status of 400", "status of 422")
    page = here.page
    await here.go(f"/uploads?client={system.clients[SCRATCH]}")
    await drop(page, "by-month.csv", "Month,Campaign name\n2026-01,A\n")
    await page.get_by_role("button", name="See what would change").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await drop(page, "photo.png", "not a table")
    await expect(page.get_by_text("Choose a .csv or .xlsx file.")).to_be_visible()
    await expect(page.get_by_role("button", name="See what would change")).to_be_disabled()


async def drop(page: Page, name: str, text: str) -> None:
    """A file is dragged from the desktop into the zone."""
    made = (
        "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }"
    )
    transfer = await page.evaluate_handle(made, [name, text])
    await page.locator(".drop-zone").dispatch_event("drop", {"dataTransfer": transfer})
