"""What the table of the Explorer shows, read from the DOM."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import load_workbook

from libs.metrics.registry import BY_NAME
from tests.browser.visit import Visit

Figures: TypeAlias = dict[str, Decimal | None]
METRIC_OF = {metric.label: metric.name for metric in BY_NAME.values()}
_TITLES = "(cells) => cells.slice(1).map((cell) => cell.textContent.replace(/[↑↓]/gu, '').trim())"
_LINES = """
(lines) => lines.map((line) => ({
  at: Number(line.getAttribute("aria-rowindex")),
  name: line.querySelector("bdi.name")?.title ?? null,
  values: [...line.querySelectorAll("[role=gridcell]")].map(
    (cell) => cell.querySelector(".explained data")?.value ?? null,
  ),
}))
"""
_FIRST_ROW = 3


@dataclass(frozen=True)
class Shown:
    """Totals, and rows from the first to the last."""

    totals: Figures
    rows: list[tuple[str, Figures]]


async def shown(visit: Visit) -> Shown:
    """The whole table, scrolled through: only what is in view is in the DOM."""
    page = visit.page
    grid = page.locator(".grid")
    metrics = [METRIC_OF[title] for title in await page.locator(".line-head .cell").evaluate_all(_TITLES)]
    count = int(await grid.get_attribute("aria-rowcount") or 0) - (_FIRST_ROW - 1)
    found: dict[int, dict[str, Any]] = {}
    while len(found) < count:
        before = len(found)
        found |= {line["at"]: line for line in await page.locator(".lines .line").evaluate_all(_LINES)}
        assert len(found) > before or before == 0, f"{before} of {count} rows come into view"
        await grid.evaluate("(grid, top) => { grid.scrollTop = top; }", 36 * (max(found) - _FIRST_ROW))
        await page.wait_for_function(
            "(at) => document.querySelector(`.lines [aria-rowindex='${at}']:not([aria-busy=true])`) !== null",
            arg=min(max(found) + 1, count + _FIRST_ROW - 1),
        )
        await visit.settled()
    (totals,) = await page.locator(".line-totals").evaluate_all(_LINES)
    rows = [found[at] for at in sorted(found)]
    return Shown(_figures(metrics, totals), [(row["name"], _figures(metrics, row)) for row in rows])


async def exported(here: Visit, file: Path, item: str) -> list[dict[str, Any]]:
    """The lines of the file that the page saves, .csv or .xlsx, by the API's names of the columns."""
    await saved(here, file, item)
    if file.suffix == ".xlsx":
        titles, *rows = load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True)
        names = [_name_of(str(title)) for title in titles]
        return [dict(zip(names, row, strict=True)) for row in rows]
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


async def saved(here: Visit, file: Path, item: str) -> Path:
    """The file that the page saves for an item of the menu of exports."""
    async with here.page.expect_download() as waiting:
        await here.page.get_by_role("button", name="Export of what is seen").click()
        await here.page.get_by_role("menuitem", name=item).click()
    await (await waiting.value).save_as(file)
    return file


def _name_of(title: str) -> str:
    """Workbooks have labels with units."""
    label = title.partition(" (")[0]
    return METRIC_OF.get(label, f"{label.lower()}_name")


def _figures(metrics: list[str], line: dict[str, Any]) -> Figures:
    values = [None if value is None else Decimal(value) for value in line["values"]]
    return dict(zip(metrics, values, strict=True))
