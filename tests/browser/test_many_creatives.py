"""The table of 50,000 creatives: sorted and scrolled, it shows the API's rows in the API's order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import BROWSER, large
from tests.browser.hands import Hand
from tests.browser.system import System
from tests.browser.visit import Door, Visit

pytestmark = BROWSER
_ROW = 36
_LINE = """
(line) => [line.querySelector("bdi.name").title, line.querySelector(".explained data").value]
"""


async def opened(visit: Door, system: System) -> Visit:
    """All creatives of the last days, sorted by impressions, which are the only column."""
    here = await visit(system.admin)
    query = f"level=creative&sort=impressions&order=desc&columns=impressions&range={days(system)}"
    await here.go(f"/explorer?client={system.clients[large.SPEC.name]}&{query}")
    return here


def days(system: System) -> str:
    """Those that have rows."""
    return f"{system.days[-large.DAYS]}..{system.days[-1]}"


async def listed(system: System, at: int, order: str) -> tuple[str, Decimal]:
    """The row of this place, from 1, as the API lists it."""
    first, last = days(system).split("..")
    asked = {"start_date": first, "end_date": last, "sort_by": "impressions", "order": order}
    asked |= {"client_id": system.clients[large.SPEC.name], "page": str(at), "page_size": "1"}
    row: dict[str, Any] = (await system.api.send("GET", "/dashboard/creatives", params=asked))["data"][0]
    return row["creative_name"], Decimal(row["impressions"])


async def row_of(page: Page, at: int) -> tuple[str, Decimal]:
    """The row of this place, from 1, as it is drawn. Above the first stand titles and totals."""
    line = page.locator(f".lines [aria-rowindex='{at + 2}']:not([aria-busy=true])")
    await expect(line.locator("bdi.name")).to_be_visible()
    name, value = await line.evaluate(_LINE)
    return name, Decimal(value)


@pytest.mark.parametrize("at", [1, 17_000, large.CREATIVES - 10])
async def test_a_row_far_off_is_the_apis(visit: Door, system: System, at: int) -> None:
    here = await opened(visit, system)
    grid = here.page.locator(".grid")
    await expect(grid).to_have_attribute("aria-rowcount", str(large.CREATIVES + 2))
    await grid.evaluate("(grid, top) => { grid.scrollTop = top; }", _ROW * (at - 1))
    assert await row_of(here.page, at) == await listed(system, at, "desc")


async def test_another_order_begins_at_its_first_row(visit: Door, system: System, hand: type[Hand]) -> None:
    here = await opened(visit, system)
    page, use = here.page, hand(here.page)
    head = page.locator(".line-head .cell", has_text="Impressions")
    await use.open_cell(page.locator(".grid"), head, "button")
    await expect(page.get_by_role("columnheader", name="Impressions")).to_have_attribute(
        "aria-sort", "ascending"
    )
    await here.settled()
    assert await row_of(page, 1) == await listed(system, 1, "asc")
