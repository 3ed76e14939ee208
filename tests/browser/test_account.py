"""What is somebody's own: a second factor, sessions, keys for programs."""

from __future__ import annotations

import re

import httpx
import pyotp
from playwright.async_api import expect

from tests.browser import BROWSER
from tests.browser.hands import Hand
from tests.browser.system import System
from tests.browser.visit import Door

pytestmark = BROWSER


async def test_a_second_factor_is_set_up_and_asked_for(visit: Door, system: System, hand: type[Hand]) -> None:
    somebody = await system.person()
    here = await visit(somebody)
    page, use = here.page, hand(here.page)
    await here.go("/account")
    await use.press(page.get_by_role("button", name="Set it up"))
    await use.write(page.get_by_role("dialog").get_by_label("Your password"), somebody.password)
    await use.press(page.get_by_role("button", name="Go on"))
    await expect(page.get_by_role("img", name="QR code of the secret")).to_be_visible()
    secret = (await page.get_by_label("Secret", exact=True).inner_text()).replace(" ", "")
    await use.write(page.get_by_role("dialog").get_by_label("Code", exact=True), pyotp.TOTP(secret).now())
    await use.press(page.get_by_role("button", name="Switch it on"))
    codes = (await page.get_by_label("Recovery codes", exact=True).inner_text()).split()
    await use.press(page.get_by_role("button", name="I have kept them"))
    await expect(page.get_by_role("button", name="Switch it off")).to_be_visible()

    again = await visit(None)
    page, use = again.page, hand(again.page)
    await page.goto(again.url)
    await use.write(page.get_by_label("E-mail"), somebody.email)
    await use.write(page.get_by_label("Password"), somebody.password)
    await use.press(page.get_by_role("button", name="Sign in"))
    await use.write(page.get_by_label("Code", exact=True), codes[0])
    await use.press(page.get_by_role("button", name="Go on"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


async def test_another_session_is_ended(visit: Door, system: System, hand: type[Hand]) -> None:
    somebody = await system.person()
    other = (await system.tokens(somebody))["access_token"]
    await system.tokens(somebody, new=True)
    here = await visit(somebody)
    page, use = here.page, hand(here.page)
    await here.go("/account")
    sessions = page.get_by_role("region", name="Where you are signed in")
    await expect(sessions.get_by_role("row")).to_have_count(3)
    await use.press(sessions.get_by_role("button", name=re.compile("^End the session of")))
    await use.press(page.get_by_role("dialog").get_by_role("button", name="End it"))
    await expect(sessions.get_by_role("row")).to_have_count(2)
    assert await status_of(system, other) == 401


async def test_a_key_is_made_shown_once_and_deleted(visit: Door, system: System, hand: type[Hand]) -> None:
    here = await visit(await system.person())
    page, use = here.page, hand(here.page)
    await here.go("/account")
    await use.press(page.get_by_role("button", name="Add a key"))
    await use.write(page.get_by_role("dialog").get_by_label("Name"), "warehouse")
    await use.press(page.get_by_role("dialog").get_by_role("button", name="Add", exact=True))
    key = await page.get_by_label("API key", exact=True).inner_text()
    await use.press(page.get_by_role("button", name="I have it"))
    keys = page.get_by_role("region", name="API keys", exact=True)
    await expect(keys.get_by_role("row", name="warehouse")).to_contain_text("Never")
    assert await status_of(system, key) == 200
    await use.press(keys.get_by_role("button", name="Delete the key warehouse"))
    await use.press(page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True))
    await expect(keys).to_contain_text("No API key")
    assert await status_of(system, key) == 401


async def status_of(system: System, credential: str) -> int:
    """What the API answers to it."""
    async with httpx.AsyncClient(base_url=system.url) as http:
        bearer = {"Authorization": f"Bearer {credential}"}
        return (await http.get("/api/v1/clients/active", headers=bearer)).status_code
