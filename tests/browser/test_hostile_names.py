"""Names of strangers are text wherever they stand, and nothing of them runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from deploy.world.facebook_exports import csv_bytes
from tests.browser import BROWSER
from tests.browser.grid import exported
from tests.browser.hostile import FORMULA, LONG, MARKUP, NAMES, hostile_table
from tests.browser.looks import sticking_out
from tests.browser.system import System
from tests.browser.visit import SIZES, Door, Visit, Width

pytestmark = BROWSER
_RAN = "() => window.ran ?? document.querySelectorAll('img[src=x], main script').length"
PLACES = (
    "/overview?client={client}",
    "/explorer?client={client}",
    "/uploads?client={client}",
    "/operations?client={client}",
    "/operations?client={client}&shown=table",
    "/operations?tab=runs&client={client}",
    "/operations?tab=audit&entity=client&entity_id={client}",
    "/administration",
    "/administration?tab=rates&client={client}",
    "/administration?tab=sources&client={client}",
)


async def harmless(here: Visit) -> None:
    """Nothing ran, nothing was made of it, nothing is wider than the page."""
    assert await here.page.evaluate(_RAN) == 0
    assert await sticking_out(here) == []


async def names_in(here: Visit) -> set[str]:
    """Texts of names as they are drawn, without what a title would add."""
    found = await here.page.locator("bdi.name").all_text_contents()
    return set(found)


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("place", PLACES)
async def test_the_name_of_a_client_is_text(visit: Door, system: System, place: str, width: Width) -> None:
    here = await visit(system.admin, width=width)
    await here.go(place.format(client=system.clients[MARKUP]))
    assert MARKUP in await here.page.locator("body").inner_text()
    await harmless(here)


@pytest.mark.parametrize("level", ["campaign", "strategy", "placement", "creative"])
async def test_names_of_the_hierarchy_are_text(
    visit: Door, system: System, level: str, tmp_path: Path
) -> None:
    here = await visit(system.admin)
    await here.go(f"/explorer?client={system.clients[MARKUP]}&level={level}")
    assert set(NAMES) <= await names_in(here)
    await harmless(here)
    plural = {"strategy": "Strategies"}.get(level, f"{level.capitalize()}s")
    lines = await exported(here, tmp_path / "export.csv", f"{plural} as CSV")
    assert f"'{FORMULA}" in {line[f"{level}_name"] for line in lines}


async def test_top_lists_have_them_as_text(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?client={system.clients[MARKUP]}")
    assert set(NAMES) <= await names_in(here)
    await harmless(here)
    await here.page.get_by_role("button", name="Campaign: All campaigns").click()
    await expect(here.page.locator(".picker [role=option]")).to_have_count(len(NAMES) + 1)
    await harmless(here)


async def test_a_look_at_a_file_of_such_names(visit: Door, system: System, tmp_path: Path) -> None:
    here = await visit(system.admin)
    page = here.page
    header, *rows = hostile_table(system.days[-9:-7])
    file = tmp_path / f"{MARKUP} again.csv"
    file.write_bytes(
        csv_bytes([header, *([row[0], *(f"{name}!" for name in row[1:4]), *row[4:]] for row in rows)])
    )
    await here.go(f"/uploads?client={system.clients[MARKUP]}")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="See what would change").click()
    await expect(page.get_by_role("region", name="What would change")).to_contain_text(f"{MARKUP}!")
    # One character more than a name may have: it stands among the rejected rows.
    await expect(page.get_by_role("table", name="Rejected rows").first).to_contain_text(f"{LONG}!")
    await harmless(here)


async def test_details_of_an_upload(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/uploads?client={system.clients[MARKUP]}")
    await (
        here.page.get_by_role("table", name="List of uploads")
        .get_by_role("button", name=MARKUP)
        .first.click()
    )
    await expect(here.page.get_by_role("dialog")).to_contain_text("SHA-256")
    await expect(here.page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(
        f"{MARKUP}.csv"
    )
    await harmless(here)


@pytest.mark.parametrize("name", NAMES[:5])
async def test_names_that_people_give_themselves(visit: Door, system: System, name: str) -> None:
    somebody = await system.person()
    async with system.seen_by(somebody) as api:
        await api.send("POST", "/views", json={"name": name, "state": {"path": "/overview", "query": ""}})
        await api.send("POST", "/auth/api-keys", json={"name": name, "scopes": ["read"]})
    here = await visit(somebody)
    await here.go("/account")
    assert name in await names_in(here)
    await here.go("/overview")
    await here.page.get_by_role("button", name="Saved views").click()
    await expect(here.page.get_by_role("list", name="Your views").locator("bdi")).to_have_text(name)
    await harmless(here)
