"""The numbers in the DOM are the API's, and those of the file that is exported of them."""

from __future__ import annotations

import asyncio
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from libs.metrics.registry import BY_NAME
from tests.browser import BROWSER
from tests.browser.grid import METRIC_OF, Figures, exported, saved, shown
from tests.browser.system import System
from tests.browser.visit import Door

pytestmark = BROWSER
LEVELS = {
    "campaign": "campaigns",
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}
CLIENT = "Northwind Outfitters"
DAYS = 30
_VALUES = "(all) => all.map(({ value }) => value)"
_TILES = """
(tiles) => tiles.map((tile) => ({
  label: tile.querySelector(".tile-label").firstChild.textContent,
  value: tile.querySelector(".tile-value data")?.value ?? null,
  change: tile.querySelector(".tile-change data")?.value ?? null,
}))
"""


def scope(system: System) -> dict[str, str]:
    """The question to the API."""
    first, last = system.days[-DAYS], system.days[-1]
    return {"client_id": system.clients[CLIENT], "start_date": str(first), "end_date": str(last)}


def view(system: System) -> str:
    """The same as a part of an address of the page."""
    return f"client={system.clients[CLIENT]}&range={system.days[-DAYS]}..{system.days[-1]}"


async def listed(system: System, level: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Totals and all rows, as the API answers."""
    rows: list[dict[str, Any]] = []
    asked = {**scope(system), "sort_by": "impressions", "order": "desc", "page_size": "200"}
    while True:
        page = {"page": str(len(rows) // 200 + 1)}
        answer = await system.api.send("GET", f"/dashboard/{LEVELS[level]}", params=asked | page)
        rows += answer["data"]
        if len(rows) >= answer["total"]:
            return answer["totals"], rows


def those_of(answer: dict[str, Any], figures: Figures) -> Figures:
    """What an answer says of the metrics that are shown."""
    return {name: None if answer[name] is None else Decimal(answer[name]) for name in figures}


@pytest.mark.parametrize("level", LEVELS)
async def test_a_table_equals_the_api_and_its_file(
    visit: Door, system: System, level: str, tmp_path: Path
) -> None:
    here = await visit(system.admin)
    columns = ",".join(BY_NAME)
    await here.go(f"/explorer?{view(system)}&level={level}&sort=impressions&order=desc&columns={columns}")
    seen = await shown(here)
    assert set(seen.totals) == set(BY_NAME)
    totals, rows = await listed(system, level)
    assert seen.totals == those_of(totals, seen.totals)
    assert seen.rows == [(row[f"{level}_name"], those_of(row, seen.totals)) for row in rows]

    for file, kind in (("export.csv", "CSV"), ("export.xlsx", "Excel workbook (XLSX)")):
        lines = await exported(here, tmp_path / file, f"{LEVELS[level].capitalize()} as {kind}")
        assert seen.rows == [(line[f"{level}_name"], rounded(line, seen.totals)) for line in lines]


def rounded(line: dict[str, Any], figures: Figures) -> Figures:
    """Sums in a file are exact; they are rounded when they are shown."""
    found: Figures = {}
    for name in figures:
        unit, value = Decimal(1).scaleb(-BY_NAME[name].decimals), line[name]
        nothing = value is None or value == ""
        found[name] = None if nothing else Decimal(str(value)).quantize(unit, ROUND_HALF_UP)
    return found


async def test_the_report_has_the_totals_of_the_table(visit: Door, system: System, tmp_path: Path) -> None:
    here = await visit(system.admin)
    await here.go(f"/explorer?{view(system)}&level=campaign&columns=impressions,clicks,conversions,spend")
    totals = (await shown(here)).totals
    file = await saved(here, tmp_path / "report.pdf", "Report of these filters (PDF)")
    document = pypdfium2.PdfDocument(await asyncio.to_thread(file.read_bytes))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for name, value in totals.items():
        assert value is not None
        assert f"{value:,}" in text, (name, value)


async def test_tiles_equal_the_dashboard(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?{view(system)}")
    summary = (await system.api.send("GET", "/dashboard", params=scope(system)))["summary"]
    tiles = await here.page.locator(".tile").evaluate_all(_TILES)
    assert len(tiles) == 12
    for tile in tiles:
        name = METRIC_OF[tile["label"]]
        assert _number(tile["value"]) == summary[name], tile
        assert _number(tile["change"]) == summary[f"{name}_delta_pct"], tile


async def test_top_campaigns_equal_the_dashboard(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?{view(system)}")
    table = here.page.get_by_role("table", name="Top campaigns by Spend")
    names = await table.locator("tbody bdi.name").evaluate_all("(all) => all.map(({ title }) => title)")
    spends = await table.locator("tbody .share data").evaluate_all(_VALUES)
    found = (await system.api.send("GET", "/dashboard", params=scope(system)))["campaigns"]["data"]
    assert list(zip(names, map(Decimal, spends), strict=True)) == [
        (each["campaign_name"], each["spend"]) for each in found
    ]


async def test_the_trend_equals_the_dashboard(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?{view(system)}")
    await here.page.get_by_text("The same as a table").click()
    table = here.page.get_by_role("table", name="Spend over time")
    spends = await table.locator("tbody td:nth-child(2) data").evaluate_all(_VALUES)
    points = await system.api.trends(system.clients[CLIENT], system.days[-DAYS], system.days[-1])
    assert len(points) == DAYS
    assert [*map(Decimal, spends)] == [each["spend"] for each in points]


async def test_sources_equal_the_dashboard(visit: Door, system: System) -> None:
    here = await visit(system.admin)
    await here.go(f"/overview?{view(system)}")
    table = here.page.get_by_role("table", name="Figures by source")
    found = (await system.api.send("GET", "/dashboard", params=scope(system)))["source_breakdown"]
    assert len(found["data"]) == 3
    for part, rows in (("tbody", found["data"]), ("tfoot", [found["totals"]])):
        values = await table.locator(f"{part} data").evaluate_all(_VALUES)
        metrics = ("spend", "conversions", "cpa", "roas")
        assert [*map(Decimal, values)] == [row[name] for row in rows for name in metrics]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
