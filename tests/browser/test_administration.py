"""A CPM is set only after what it re-prices was seen."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from playwright.async_api import expect

from libs.testing.waiting import eventually
from tests.browser import BROWSER
from tests.browser.hands import HANDS, Hand
from tests.browser.system import SCRATCH, System
from tests.browser.visit import Door

pytestmark = BROWSER


async def previewed(system: System, cpm: str, day: str) -> dict[str, Any]:
    """As the API tells it."""
    path = f"/clients/{system.clients[SCRATCH]}/cpm"
    body = {"cpm": cpm, "effective_date": day}
    return await system.api.send("POST", path, params={"preview": True}, json=body)


async def test_a_cpm_with_a_look_at_what_it_reprices(visit: Door, system: System, hand: type[Hand]) -> None:
    at = HANDS.index(hand)
    cpm, day = ("11.25", "12.5", "13.75")[at], system.days[-4 - 2 * at]
    told = await previewed(system, cpm, str(day))
    assert told["rows"] > 0
    before = (await summary(system))["spend"]
    here = await visit(system.admin)
    page, use = here.page, hand(here.page)
    await here.go("/administration")
    await use.tab(page.get_by_role("tablist"), "CPMs")
    await here.settled()
    await use.pick(page.get_by_role("button", name=re.compile("^Client:")), SCRATCH)
    await here.settled()
    await use.press(page.get_by_role("button", name="Set a CPM"))
    dialog = page.get_by_role("dialog", name="Set a CPM")
    await use.write(dialog.get_by_label("CPM", exact=True), cpm)
    await use.write_day(dialog.get_by_label("From"), day)
    await use.press(dialog.get_by_role("button", name="See what changes"))
    effect = dialog.locator(".effect")
    await expect(effect).to_contain_text(f"{told['rows']} rows of {told['days']} days are priced anew")
    shown = await effect.locator("data").evaluate_all("(all) => all.map((each) => each.value)")
    assert [Decimal(each) for each in shown] == [
        told["spend_before"],
        told["spend_after"],
        told["spend_change"],
    ]
    await use.press(dialog.get_by_role("button", name="Set the CPM"))
    await expect(dialog).to_have_count(0)
    line = page.get_by_role("table").get_by_role("row").filter(has=page.locator(f"data[value='{cpm}']"))
    await expect(line).to_have_count(1)
    await spend_becomes(system, before + told["spend_change"])


async def summary(system: System) -> dict[str, Any]:
    """Of all days of the client."""
    return await system.api.summary(system.clients[SCRATCH], system.days[0], system.days[-1])


async def spend_becomes(system: System, spend: Decimal) -> None:
    """What was previewed came about. The API shows cents, before and after."""

    async def look() -> bool:
        return bool(abs((await summary(system))["spend"] - spend) <= Decimal("0.01"))

    await eventually(look, within=30, what=f"a spend of {spend}")


async def test_a_client_is_added_and_found(visit: Door, system: System, hand: type[Hand]) -> None:
    name = f"Added with the {hand.__name__.lower()}"
    here = await visit(system.admin)
    page, use = here.page, hand(here.page)
    await here.go("/administration")
    await use.press(page.get_by_role("button", name="Add a client"))
    dialog = page.get_by_role("dialog")
    await use.write(dialog.get_by_label("Name"), name)
    await use.press(dialog.get_by_role("button", name="Add", exact=True))
    await expect(dialog).to_have_count(0)
    await use.write(page.get_by_role("searchbox", name="Name contains"), name)
    await expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    await expect(page.get_by_role("table")).to_contain_text("Unpriced")
