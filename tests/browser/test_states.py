"""When things are not as usual: a number is asked about, the connection is gone, a password was given."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import expect

from tests.browser import BROWSER
from tests.browser.hands import Hand
from tests.browser.system import PASSWORD, System
from tests.browser.test_analyst import button
from tests.browser.visit import Door

pytestmark = BROWSER
NORTHWIND = "Northwind Outfitters"
OWN = "a password of one's own 7"


async def test_a_number_of_the_overview_explains_itself(
    visit: Door, system: System, hand: type[Hand]
) -> None:
    here = await visit(system.admin)
    page, use = here.page, hand(here.page)
    await here.go(f"/overview?client={system.clients[NORTHWIND]}&range=last_30_days")
    tile = page.get_by_role("list", name="Key figures").get_by_role("listitem").filter(has_text="CPA")
    shown = await tile.locator(".tile-value data").get_attribute("value")
    await use.press(tile.get_by_role("button"))
    dialog = page.get_by_role("dialog", name="CPA")
    await expect(dialog.locator(".explain-number data")).to_have_attribute("value", shown or "")
    await expect(dialog.get_by_label("Formula")).to_contain_text("spend ÷ conversions")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)

    await use.press(page.get_by_role("table", name="Figures by source").get_by_role("button").first)
    await expect(page.get_by_role("dialog", name="Spend")).to_contain_text("Facebook alone")
    await page.keyboard.press("Escape")
    await use.press(tile.get_by_role("link"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Explorer")


async def test_without_a_connection_what_was_read_stays(
    visit: Door, system: System, hand: type[Hand]
) -> None:
    here = await visit(system.admin)
    here.expected = ("ERR_INTERNET_DISCONNECTED",)
    page, use = here.page, hand(here.page)
    await here.go(f"/overview?client={system.clients[NORTHWIND]}&range=last_30_days")
    spend = page.locator(".tile-value data").first
    before = await spend.get_attribute("value")
    await page.context.set_offline(True)
    await use.press(button(page, "Days:"))
    await use.press(page.get_by_role("button", name="Last 7 days"))
    banner = page.get_by_text("The server cannot be reached")
    await expect(banner).to_be_visible()
    await expect(page.get_by_text("Waiting for the connection").first).to_be_visible()
    await use.press(button(page, "Days:"))
    await use.press(page.get_by_role("button", name="Last 30 days"))
    await expect(spend).to_have_attribute("value", before or "")

    await page.context.set_offline(False)
    await expect(banner).to_have_count(0)
    await use.press(button(page, "Days:"))
    await use.press(page.get_by_role("button", name="Last 7 days"))
    await expect(spend).not_to_have_attribute("value", before or "")


async def test_a_password_that_was_given_is_changed_first(
    visit: Door, system: System, hand: type[Hand]
) -> None:
    email = f"{uuid4().hex[:10]}@agency.example"
    new = {"email": email, "role": "client", "password": PASSWORD, "must_change_password": True}
    await system.api.send("POST", "/auth/register", json=new)
    here = await visit(None)
    page, use = here.page, hand(here.page)
    await page.goto(here.url)
    await use.write(page.get_by_label("E-mail"), email)
    await use.write(page.get_by_label("Password"), PASSWORD)
    await use.press(page.get_by_role("button", name="Sign in"))
    await use.write(page.get_by_label("Current password"), PASSWORD)
    await use.write(page.get_by_label("New password"), OWN)
    await use.press(page.get_by_role("button", name="Change the password"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    await expect(page.get_by_text("Nobody has given you a client to look at")).to_be_visible()
