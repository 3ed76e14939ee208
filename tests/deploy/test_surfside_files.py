"""The generated world is worth comparing with only if it knows what it wrote."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from deploy.world.surfside_export import real_export, real_export_rows
from deploy.world.surfside_files import ClientSpec, World
from deploy.world.surfside_large import large_days, large_file
from deploy.world.surfside_layouts import Layout
from deploy.world.totals import sum_of, totals_of

DAY = date(2025, 11, 4)
ACME = ClientSpec("Acme", "acme")


def micros(cell: str) -> int:
    """A money cell as an accountant reads it."""
    text = cell.replace("$", "").replace(",", "").strip()
    return int(Decimal("0" if text in ("", "-") else text) * 1_000_000)


def test_the_same_seed_writes_the_same_bytes_and_another_one_does_not() -> None:
    first = World(1, [ACME], [DAY]).file_for(ACME, DAY)
    assert first == World(1, [ACME], [DAY]).file_for(ACME, DAY)
    assert first.body != World(2, [ACME], [DAY]).file_for(ACME, DAY).body


@pytest.mark.parametrize("layout", ["documented", "snake", "export"])
def test_totals_are_those_of_the_lines(layout: Layout) -> None:
    spec = replace(ACME, layout=layout, quirks=frozenset({"split_sizes", "view_through"}))
    made = World(3, [spec], [DAY]).file_for(spec, DAY)
    _, *lines = csv.reader(io.StringIO(made.body.decode()))
    at = {"documented": (5, 6, 7, 8), "snake": (5, 6, 7, 8), "export": (5, 6, 8, 9)}[layout]
    counts = [sum(int(line[place].replace(",", "")) for line in lines) for place in at[:3]]
    totals = made.by_day[DAY]
    assert counts == [totals.impressions, totals.clicks, totals.conversions]
    assert sum(micros(line[at[3]]) for line in lines) == totals.conversion_revenue_micros
    assert len(lines) == totals.lines >= totals.rows > 0
    if layout == "export":
        assert sum(micros(line[7]) for line in lines) == totals.media_cost_micros > 0
        assert totals.lines > totals.rows  # sizes share their key
        assert any(line[10] == "#DIV/0!" for line in lines)


def test_a_workbook_holds_the_same_as_the_csv() -> None:
    spec = replace(ACME, file_format="xlsx")
    made = World(3, [spec], [DAY]).file_for(spec, DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(made.body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert sum(int(str(row[5])) for row in rows) == made.by_day[DAY].impressions


def test_a_restated_day_has_other_figures_and_a_creative_less() -> None:
    before = World(1, [ACME], [DAY]).totals(ACME, DAY)
    after = World(1, [ACME], [DAY], {("acme", DAY): 1}).totals(ACME, DAY)
    assert after.impressions != before.impressions
    assert after.rows == before.rows - 1


def test_parts_and_days_add_up() -> None:
    spec = replace(ACME, quirks=frozenset({"parts", "seven_days"}))
    world = World(1, [spec], [DAY])
    files = world.files_for(spec, DAY)
    assert len(files) == 2
    assert sum_of(made.by_day[DAY] for made in files if DAY in made.by_day) == world.totals(spec, DAY)
    assert len({day for made in files for day in made.by_day}) == 7


def test_spend_follows_the_rate_of_the_day() -> None:
    spec = replace(ACME, rates=((date(2025, 11, 2), Decimal("10")), (date(2025, 11, 4), Decimal("12.3456"))))
    world = World(1, [spec], [DAY])
    assert world.spend(spec, date(2025, 11, 1)) is None
    assert world.spend(spec, DAY) == world.totals(spec, DAY).impressions * Decimal("0.0123456")


def test_the_real_exports_figures() -> None:
    rows = real_export_rows(DAY)
    totals = totals_of(rows)
    assert (totals.lines, totals.impressions, totals.clicks, totals.conversions) == (496, 541_210, 565, 199)
    assert totals.conversion_revenue_micros == 24_963_380_000
    keys = [row.grain for row in rows]
    assert sum(keys.count(key) > 1 for key in keys) == 331  # two thirds
    assert sum(row.conversions > row.clicks for row in rows) == 64
    assert sum(row.conversions > 0 and row.impressions == 0 for row in rows) == 4
    assert all((row.media_cost_micros is None) == (row.impressions == 0) for row in rows)
    assert real_export(DAY).count(b"\r\n") == 497


def test_large_files_know_their_sums() -> None:
    files = list(large_days(DAY, days=2, creatives=300))
    for made in files:
        _, *lines = csv.reader(io.StringIO(made.body.decode()))
        assert len(lines) == made.totals.rows == 300
        assert sum(int(line[5]) for line in lines) == made.totals.impressions
        assert sum(micros(line[8]) for line in lines) == made.totals.conversion_revenue_micros
    assert files[0].body != files[1].body


def test_a_changed_large_file_differs_in_about_so_many_rows() -> None:
    plain, changed = (
        large_file(DAY, creatives=20_000, changed=share).body.splitlines() for share in (0, 0.01)
    )
    different = sum(one != other for one, other in zip(plain, changed, strict=True))
    assert 100 < different < 400
