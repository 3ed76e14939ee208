"""The pictures of docs/pictures: `make pictures` takes them anew."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import expect

from deploy.world.facebook_exports import csv_bytes
from tests.browser import BROWSER
from tests.browser.hostile import MARKUP
from tests.browser.system import SCRATCH, System, root, scratch_export
from tests.browser.visit import Door, Theme, Visit

pytestmark = [*BROWSER, pytest.mark.pictures]
FOLDER = root() / "docs" / "pictures"
MOST_BYTES = 260_000
PHONE: dict[str, Any] = {"width": "phone", "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


@pytest_asyncio.fixture(loop_scope="session", scope="module", autouse=True)
async def presentable(system: System) -> None:
    """Without the client of hostile names, who is there for other tests."""
    await system.api.send("DELETE", f"/clients/{system.clients[MARKUP]}")


async def take(here: Visit, name: str) -> None:
    """Keep what is seen, without the mouse."""
    await here.page.mouse.move(0, 0)
    await here.settled()
    taken = Image.open(io.BytesIO(await here.page.screenshot()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.png"
    taken.convert("RGB").save(file, optimize=True)
    assert file.stat().st_size <= MOST_BYTES, f"{file} has {file.stat().st_size:,} bytes"


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_overview(visit: Door, system: System, theme: Theme) -> None:
    here = await visit(system.admin, theme=theme)
    await here.go(f"/overview?client={system.clients['Northwind Outfitters']}")
    await take(here, f"overview-{theme}")


async def test_overview_on_a_phone(visit: Door, system: System) -> None:
    here = await visit(system.admin, **PHONE)
    await here.go(f"/overview?client={system.clients['Northwind Outfitters']}")
    await take(here, "overview-phone")


async def test_explorer(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    page = here.page
    await here.go(f"/explorer?client={system.clients['Northwind Outfitters']}")
    for line in (2, 3):
        await page.locator(f"[data-cell='{line},0'] .opener").click()
        await here.settled()
    await take(here, "explorer")


async def test_explorer_on_a_phone(visit: Door, system: System) -> None:
    here = await visit(system.admin, theme="dark", **PHONE)
    await here.go(f"/explorer?client={system.clients['Northwind Outfitters']}")
    await take(here, "explorer-phone")


async def test_a_number_explains_itself(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/explorer?client={system.clients['Northwind Outfitters']}")
    await here.page.locator("[data-cell='1,7'] button").click()
    await here.page.get_by_role("dialog").wait_for()
    await take(here, "explanation")


async def test_dry_run_of_an_upload(visit: Door, system: System, tmp_path: Path) -> None:
    here = await visit(system.admin)
    page = here.page
    file = tmp_path / "ads-by-day.csv"
    file.write_bytes(csv_bytes(scratch_export(system.days[-14:], seed=3).table()))
    await here.go(f"/uploads?client={system.clients[SCRATCH]}")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("radio", name="Update them").check()
    await page.get_by_role("button", name="See what would change").click()
    await expect(page.get_by_role("region", name="What would change")).to_contain_text("Changed")
    await take(here, "upload-dry-run")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_coverage(visit: Door, system: System, theme: Theme) -> None:
    here = await visit(system.admin, theme=theme)
    await here.go("/operations")
    await take(here, f"operations-coverage-{theme}")


async def test_run(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    runs = await system.api.send("GET", "/admin/ingestion-logs", params={"status": "partial"})
    of = runs["data"][0]
    await here.go(f"/operations?tab=runs&client={of['client_id']}&run={of['run_id']}")
    await take(here, "operations-run")


async def test_cpms(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/administration?tab=rates&client={system.clients['Northwind Outfitters']}")
    await take(here, "administration-cpms")
