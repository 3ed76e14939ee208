"""A file in the shape of a real Surfside export, as CSV and as a workbook, against a model in Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from openpyxl import Workbook

from libs.tabular import TableSpec
from tests.libs.tabular.tables import SPEC, Result, first_sheet, read_away, save, workbook

HEADER = (
    *(
        "Strategy Name",
        "Placement Name",
        "Creative Name",
        "Creative Size",
        "Event Date",
        "Impressions",
        "Clicks",
    ),
    *(" Media Spend ", "Conversions", "Conversion Value", " ROAS "),
)
ROWS = 496
SIZES = ["300x250", "728x90", "nullxnull"]


class Delivered(NamedTuple):
    """One row as the platform means it."""

    strategy: str
    placement: str
    creative: str
    size: str
    day: date
    impressions: int
    clicks: int
    spend: Decimal | None
    conversions: int
    revenue: Decimal


def delivered() -> Iterator[Delivered]:
    """Seven days; two thirds share their key with another size; no spend where there are no impressions."""
    rng = random.Random(496)
    for number in range(ROWS):
        impressions = 0 if number % 41 == 0 else rng.randrange(1, 250_000)
        spend = (Decimal(impressions) * rng.choice([Decimal("5.5"), Decimal(6)]) / 1000).quantize(
            Decimal("0.01")
        )
        clicks = min(impressions, rng.randrange(4))
        conversions = clicks + 1 if number % 8 == 0 else 0
        yield Delivered(
            f"Prospecting {number % 3}",
            "Homepage\ttakeover" if number % 7 == 0 else f"Placement {number % 11}",
            f"Café {number // 3}",
            SIZES[number % 3],
            date(2025, 11, 1) + timedelta(days=number % 7),
            impressions,
            clicks,
            spend if impressions else None,
            conversions,
            Decimal(conversions * 20),
        )


def dollars(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    text = f" $ {amount:,.2f} " if amount else " $ -   "
    return f'"{text}"' if "," in text else text


def as_csv(rows: list[Delivered]) -> str:
    lines = [",".join(HEADER)]
    for row in rows:
        roas = f"{row.revenue / row.spend:.2f}" if row.spend else "#DIV/0!"
        day = f"{row.day.month}/{row.day.day}/{row.day.year}"
        cells = (
            *row[:4],
            day,
            row.impressions,
            row.clicks,
            dollars(row.spend),
            row.conversions,
            row.revenue,
            roas,
        )
        lines.append(",".join(map(str, cells)))
    return "\r\n".join(lines) + "\r\n"


def as_workbook(path: Path, rows: list[Delivered]) -> Path:
    """Excel's own: real days, doubles, and a formula in the last column."""

    def fill(book: Workbook) -> None:
        sheet = first_sheet(book)
        sheet.title = "Raw Data"
        sheet.append(list(HEADER))
        for number, row in enumerate(rows, 2):
            spend = None if row.spend is None else float(row.spend)
            figures = (row.impressions, row.clicks, spend, row.conversions, float(row.revenue))
            sheet.append([*row[:4], row.day, *figures, f"=J{number}/H{number}"])

    return workbook(path, fill)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_real_export(tmp_path: Path, form: str) -> None:
    rows = list(delivered())
    path = tmp_path / f"media-report.{form}"
    result = await read_away(
        save(path, as_csv(rows)) if form == "csv" else as_workbook(path, rows), surfside()
    )
    assert result.bad == []
    assert result.header.format == form
    assert result.header.missing_optional == ("campaign",)
    assert result.header.unknown == ()
    assert result.header.mapping["media_cost"] == "Media Spend"
    assert_is(result, rows)
    summary = result.summary
    assert summary.conversions_over_clicks == sum(row.conversions > row.clicks for row in rows) > 60
    assert (
        summary.conversions_without_impressions
        == sum(row.conversions > 0 == row.impressions for row in rows)
        > 0
    )
    assert len(summary.days) == 7
    assert summary.duplicate_lines == summary.rounded_money == 0


def assert_is(result: Result, rows: list[Delivered]) -> None:
    expected = pl.DataFrame(
        {
            "row_number": pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32),
            "date": [row.day for row in rows],
            "strategy": [row.strategy for row in rows],
            "placement": [row.placement.replace("\t", " ") for row in rows],
            "creative": [row.creative for row in rows],
            "impressions": [row.impressions for row in rows],
            "clicks": [row.clicks for row in rows],
            "conversions": [row.conversions for row in rows],
            "conversion_revenue_micros": [int(row.revenue * 10**6) for row in rows],
            "media_cost_micros": [int((row.spend or 0) * 10**6) for row in rows],
        }
    )
    assert result.frame.equals(expected)
    assert result.frame.schema == expected.schema


def surfside() -> TableSpec:
    required = {"conversions", "conversion_revenue"}
    fields = tuple(replace(f, required=f.required or f.name in required) for f in SPEC.fields)
    return replace(SPEC, fields=fields)
