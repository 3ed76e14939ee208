"""The morning of an analyst: from the sign-in to a file, a view that is kept, a session that ran out."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser import BROWSER
from tests.browser.hands import Hand
from tests.browser.system import PASSWORD, System
from tests.browser.visit import Door, Visit

pytestmark = BROWSER
NORTHWIND = "Northwind Outfitters"


def button(page: Page, name: str) -> Locator:
    """Whose name begins so."""
    return page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}"))


async def rows_of(page: Page) -> list[tuple[str, str]]:
    """Name and exact impressions of the rows that are in view."""
    found = await page.locator(".lines .line").evaluate_all(
        "(lines) => lines.map((line) => ['bdi.name', 'data'].map((part) => line.querySelector(part)))"
        ".map(([name, figure]) => [name.title, figure.value])"
    )
    return [(name, impressions) for name, impressions in found]


async def sign_in(visit: Visit, hand: Hand, email: str, password: str = PASSWORD) -> None:
    page = visit.page
    await page.goto(visit.url)
    await hand.write(page.get_by_label("E-mail"), email)
    await hand.write(page.get_by_label("Password"), password)
    await hand.press(page.get_by_role("button", name="Sign in"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    await visit.settled()


async def test_from_the_sign_in_to_a_file(
    visit: Door, system: System, hand: type[Hand], tmp_path: Path
) -> None:
    here = await visit(None)
    page, use = here.page, hand(here.page)
    await sign_in(here, use, system.admin.email)
    await use.pick(button(page, "Client:"), NORTHWIND)
    await expect(page).to_have_url(re.compile(system.clients[NORTHWIND]))
    await use.press(button(page, "Days:"))
    await use.press(page.get_by_role("button", name="Last 14 days"))
    await expect(page).to_have_url(re.compile("range=last_14_days"))
    await use.select(page.get_by_label("Source", exact=True), "Surfside")
    await here.settled()

    await use.press(page.get_by_role("list", name="Key figures").get_by_role("link", name="Impressions"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Explorer")
    await expect(page).to_have_url(re.compile(r"range=last_14_days.*source=surfside|source=surfside.*range="))
    for below in ("Strategies", "Placements", "Creatives"):
        await here.settled()
        await use.open_cell(page.get_by_role("treegrid"), page.locator("[data-cell='2,0']"), "a.into")
        await expect(page.get_by_role("treegrid")).to_have_attribute("aria-label", below)
    await here.settled()
    await expect(page.get_by_role("navigation", name="Within").get_by_role("listitem")).to_have_count(4)

    await explains_itself(here, use)
    async with page.expect_download() as waiting:
        await use.choose(page.get_by_role("button", name="Export of what is seen"), "Creatives as CSV")
    saved = tmp_path / "export.csv"
    await (await waiting.value).save_as(saved)
    with saved.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(each["creative_name"], each["impressions"]) for each in lines] == await rows_of(page)


async def explains_itself(here: Visit, use: Hand) -> None:
    """The CTR of the totals: the same number, its formula, and what it stands on."""
    page = here.page
    titles = await page.locator(".line-head [role=columnheader]").all_inner_texts()
    cell = page.locator(f"[data-cell='1,{[title.strip() for title in titles].index('CTR')}']")
    shown = await cell.locator("data").get_attribute("value")
    await use.open_cell(page.get_by_role("treegrid"), cell, "button")
    dialog = page.get_by_role("dialog", name="CTR")
    await expect(dialog.locator(".explain-number data")).to_have_attribute("value", shown or "")
    await expect(dialog.get_by_label("Formula")).to_contain_text("clicks ÷ impressions × 100")
    await expect(dialog.get_by_role("region", name="Runs and files")).to_contain_text("media-report")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_a_view_is_kept_by_name(visit: Door, system: System, hand: type[Hand]) -> None:
    here = await visit(await system.person())
    page, use = here.page, hand(here.page)
    seen = f"/explorer?client={system.clients[NORTHWIND]}&range=last_7_days&level=creative&sort=clicks"
    await here.go(seen)
    await use.press(page.get_by_role("button", name="Saved views"))
    await use.write(page.get_by_label("Save what you see as"), "Clicks of a week")
    await use.press(page.get_by_role("button", name="Save", exact=True))
    await expect(page.get_by_role("list", name="Your views")).to_contain_text("Clicks of a week")
    await page.keyboard.press("Escape")

    await use.press(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Overview"))
    await here.settled()
    await use.press(page.get_by_role("button", name="Saved views"))
    await use.press(page.get_by_role("link", name="Clicks of a week"))
    await expect(page).to_have_url(f"{here.url}{seen}")
    await expect(page.get_by_role("columnheader", name="Clicks")).to_have_attribute("aria-sort", "descending")

    await use.press(page.get_by_role("button", name="Saved views"))
    await use.press(page.get_by_role("button", name="Delete the view Clicks of a week"))
    await expect(page.get_by_role("list", name="Your views")).to_have_count(0)


async def test_an_expired_session_asks_for_the_password_and_keeps_the_view(
    visit: Door, system: System, hand: type[Hand]
) -> None:
    somebody = await system.person()
    here = await visit(somebody)
    here.expected = ("status of 401",)
    page, use = here.page, hand(here.page)
    await here.go(f"/explorer?client={system.clients[NORTHWIND]}&level=creative&sort=clicks")
    async with system.seen_by(somebody) as other:
        sessions = (await other.send("GET", "/auth/sessions"))["data"]
        for session in sessions:
            if not session["current"]:
                await other.send("DELETE", f"/auth/sessions/{session['id']}")

    await use.press(button(page, "Days:"))
    await use.press(page.get_by_role("button", name="Last 7 days"))
    asked = page.get_by_role("dialog", name="Your session ended")
    await expect(asked).to_be_visible()
    view = page.url
    assert "range=last_7_days" in view
    assert "sort=clicks" in view
    await expect(page.get_by_role("heading", level=1, include_hidden=True)).to_have_text("Explorer")

    await use.write(asked.get_by_label("Password"), somebody.password)
    await use.press(asked.get_by_role("button", name="Sign in", exact=True))
    await expect(asked).to_have_count(0)
    await here.settled()
    assert page.url == view
    assert await rows_of(page)


async def test_a_client_user_sees_their_client_and_no_administration(visit: Door, system: System) -> None:
    here = await visit(system.reader)
    page = here.page
    await here.go("/overview")
    pages = page.get_by_role("navigation", name="Pages")
    await expect(pages.get_by_role("link")).to_have_text(["Overview", "Explorer", "Uploads"])
    await expect(button(page, "Client:")).to_have_text(NORTHWIND)
    figures = page.get_by_role("list", name="Key figures")
    await expect(figures).to_contain_text("Spend")
    await expect(figures).not_to_contain_text("Media cost")
    await expect(figures).not_to_contain_text("Margin")
    for path in ("/operations", "/administration"):
        await page.goto(f"{here.url}{path}")
        await expect(page.get_by_text("it is for administrators")).to_be_visible()
