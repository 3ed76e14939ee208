"""How Surfside writes a report: the documented layout, snake case, and that of real exports; CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import openpyxl

from deploy.world.totals import Row

Layout = Literal["documented", "snake", "export"]
FileFormat = Literal["csv", "xlsx"]

_DOCUMENTED = (
    "Date",
    "Campaign",
    "Strategy",
    "Placement",
    "Creative",
    "Impressions",
    "Clicks",
    "Conversions",
    "Conversion Revenue",
    "CTR",
)
_SNAKE = (
    "date",
    "campaign_name",
    "strategy_name",
    "placement_name",
    "creative_name",
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue",
)
_EXPORT = (
    "Strategy Name",
    "Placement Name",
    "Creative Name",
    "Creative Size",
    "Event Date",
    "Impressions",
    "Clicks",
    " Media Spend ",
    "Conversions",
    "Conversion Value",
    " ROAS ",
)
TITLES: dict[Layout, tuple[str, ...]] = {"documented": _DOCUMENTED, "snake": _SNAKE, "export": _EXPORT}


def us_date(day: date) -> str:
    """``11/4/2025``."""
    return f"{day.month}/{day.day}/{day.year}"


def dollars(micros: int) -> str:
    """As an accountant's format shows it: `` $ 4.76 ``, `` $ 6,250.00 ``, `` $ -   ``."""
    return f" $ {Decimal(micros) / 1_000_000:,.2f} " if micros else " $ -   "


def csv_cells(row: Row, layout: Layout) -> list[str]:
    """One line as text."""
    if layout == "export":
        return _export_cells(row)
    cells = [
        row.day.isoformat(),
        row.campaign,
        row.strategy,
        row.placement,
        row.creative,
        str(row.impressions),
        str(row.clicks),
        str(row.conversions),
        f"{Decimal(row.revenue_micros) / 1_000_000:.2f}",
    ]
    if layout == "documented":
        cells.append(f"{row.clicks * 100 / row.impressions:.4f}" if row.impressions else "")
    return cells


def _export_cells(row: Row) -> list[str]:
    cost = row.media_cost_micros
    return [
        row.strategy,
        row.placement,
        row.creative,
        row.size,
        us_date(row.day),
        f"{row.impressions:,}",
        str(row.clicks),
        "" if cost is None else dollars(cost),
        str(row.conversions),
        dollars(row.revenue_micros),
        f"{row.revenue_micros / cost:.2f}" if cost else "#DIV/0!",
    ]


def as_csv(rows: Sequence[Row], layout: Layout, *, extra: Sequence[Sequence[str]] = ()) -> bytes:
    """A CSV; ``extra``: lines of cells that stand at the end as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(TITLES[layout])
    writer.writerows(csv_cells(row, layout) for row in rows)
    writer.writerows(extra)
    return out.getvalue().encode()


def as_xlsx(rows: Sequence[Row], layout: Layout, *, extra: Sequence[Sequence[str]] = ()) -> bytes:
    """A workbook with real dates and numbers, and a formula where exports have one."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(TITLES[layout])
    for number, row in enumerate(rows, 2):
        sheet.append(_xlsx_cells(row, layout, number))
    for cells in extra:
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cells(row: Row, layout: Layout, number: int) -> list[Any]:
    revenue = float(Decimal(row.revenue_micros) / 1_000_000)
    names = [row.strategy, row.placement, row.creative]
    if layout == "export":
        cost = "" if row.media_cost_micros is None else float(Decimal(row.media_cost_micros) / 1_000_000)
        figures: list[Any] = [row.impressions, row.clicks, cost, row.conversions, revenue]
        return [*names, row.size, row.day, *figures, f"=J{number}/H{number}"]
    cells = [row.day, row.campaign, *names, row.impressions, row.clicks, row.conversions, revenue]
    return [*cells, f"=G{number}/F{number}*100"] if layout == "documented" else cells
