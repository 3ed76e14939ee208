"""Cells, digits, names of files, CSV and XLSX: hostile text intact and inert, figures exact, nothing cut."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from libs.errors import BadQuestion
from libs.exports import csv_file
from libs.exports.cells import harmless, harmless_column
from libs.exports.columns import HIERARCHY, Column, layout
from libs.exports.filenames import disposition, file_name
from libs.exports.workbook import CellRefused, Workbook
from libs.metrics.digits import digits
from libs.metrics.measures import SUMS
from libs.metrics.registry import BY_NAME, METRICS, visible
from libs.metrics.values import shown, unrounded
from tests.libs.exports.reports import HOSTILE

RUN = ("=1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1", "\n=1", "\ufeff=1", "-", " @x")
LEFT = ("", "a=1", "1-2", "'=1", "Spring sale", "é@x", "5 + 3")
NAME = Column("campaign_name", "Campaign")
SPEND = Column("spend", "Spend", BY_NAME["spend"])
DAY = Column("date", "Date")


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@settings(max_examples=25)
@given(st.lists(st.one_of(st.text(), st.sampled_from([*RUN, *LEFT]))))
def test_columns_are_made_harmless_as_single_texts_are(texts: list[str]) -> None:
    frame = pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)})
    assert frame.select(harmless_column("t")).to_series().to_list() == [harmless(text) for text in texts]
    assert all(harmless(text) == text for text in LEFT)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.just(0), st.integers(0, 2**53)) for _ in SUMS]),
        min_size=1,
        max_size=5,
    )
)
def test_digits_of_a_frame_are_those_of_its_rows(rows: list[tuple[int | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(SUMS, pl.Int64), orient="row")
    written = frame.select(digits(metric).alias(metric.name) for metric in METRICS)
    for metric in METRICS:
        for row, text in zip(frame.iter_rows(named=True), written[metric.name], strict=True):
            value = unrounded(metric, row) if metric.additive else shown(metric, row)
            assert (None if text is None else Decimal(text)) == value
            if text is not None and metric.decimals:
                assert len(text.partition(".")[2]) >= metric.decimals


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8"))), min_size=1))
def test_a_csv_file_holds_the_very_texts(texts: list[str | None]) -> None:
    columns = [NAME, SPEND]
    frame = pl.DataFrame(
        {"campaign_name": texts, "spend": ["6562.50"] * len(texts)},
        schema={"campaign_name": pl.String, "spend": pl.String},
    )
    file = (csv_file.heading(columns) + csv_file.lines(frame, columns)).decode()
    head, *rows = csv.reader(io.StringIO(file, newline=""))
    assert head == ["campaign_name", "spend"]
    assert rows == [[harmless(text or ""), "6562.50"] for text in texts]


def test_a_workbook_holds_numbers_days_and_texts_that_are_never_run(tmp_path: Path) -> None:
    names = [*HOSTILE, *RUN, "\x01control", "_x0041_"]
    frame = pl.DataFrame(
        {
            "date": [date(2026, 3, 1)] * len(names),
            "campaign_name": names,
            "spend": ["6562.5012345", None, *["12345678901.25"] * (len(names) - 2)],
        }
    )
    book = Workbook(tmp_path / "a.xlsx", "USD")
    book.table("Campaigns", [DAY, NAME, SPEND]).write(frame)
    book.about("About", [("Client", "=1+1"), ("Spend", (BY_NAME["spend"], Decimal("1.50")))], ["a note"])
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Campaigns"]
    assert [cell.value for cell in sheet[1]] == ["Date", "Campaign", "Spend (USD)"]
    for row, name in zip(sheet.iter_rows(min_row=2), names, strict=True):
        assert row[1].data_type in ("s", "inlineStr"), name
        assert unescape(str(row[1].value)) == name
        assert row[1].quotePrefix == (harmless(name) != name)
    assert sheet["C2"].value == 6562.5012345
    assert sheet["C3"].value is None
    assert sheet["C4"].value == 12345678901.25
    assert sheet["C4"].number_format == "#,##0.00"
    rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("Campaigns").to_python()
    assert rows[1] == [date(2026, 3, 1), "=1+1", 6562.5012345]


def test_rows_that_a_sheet_cannot_hold_go_to_the_next(tmp_path: Path) -> None:
    frame = pl.DataFrame({"campaign_name": [f"c{n}" for n in range(25)], "spend": ["1.50"] * 25})
    book = Workbook(tmp_path / "a.xlsx", "USD", sheet_rows=11)
    table = book.table("Campaigns", [NAME, SPEND])
    table.write(frame.head(7))
    table.write(frame.tail(18))
    book.close()
    found = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert found.sheet_names == ["Campaigns", "Campaigns 2", "Campaigns 3"]
    sheets = [found.get_sheet_by_name(name).to_python() for name in found.sheet_names]
    assert {tuple(sheet[0]) for sheet in sheets} == {("Campaign", "Spend (USD)")}
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [f"c{n}" for n in range(25)]


def test_a_value_that_a_workbook_cannot_hold_is_an_error(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "a.xlsx", "USD")
    table = book.table("Campaigns", [NAME])
    with pytest.raises(CellRefused):
        table.write(pl.DataFrame({"campaign_name": ["x" * 40_000]}))
    book.close()


@pytest.mark.parametrize(
    ("client", "plain", "named"),
    [
        ("Northwind Outfitters", "Northwind-Outfitters", "Northwind-Outfitters"),
        ("Bäckerei & Söhne", "Backerei-Sohne", "Bäckerei-Söhne"),
        ('a"; filename="x.exe', "a-filename-x-exe", "a-filename-x-exe"),
        ("../../etc/passwd", "etc-passwd", "etc-passwd"),
        ("x\r\nSet-Cookie: a=b", "x-Set-Cookie-a-b", "x-Set-Cookie-a-b"),
        ("日本", "client", "日本"),
        ("\u202egnp.exe", "gnp-exe", "gnp-exe"),
        ("...", "client", "client"),
        ("x" * 255, "x" * 60, "x" * 60),
    ],
)
def test_names_of_files_are_safe_everywhere(client: str, plain: str, named: str) -> None:
    name = file_name([client], "campaigns", date(2026, 3, 1), date(2026, 3, 31), "csv")
    header = disposition(name)
    end = "_campaigns_2026-03-01_2026-03-31.csv"
    assert header.startswith(f'attachment; filename="{plain}{end}"; filename*=UTF-8')
    assert unquote(header.rpartition("''")[2]) == named + end
    assert header.isascii()
    assert header.isprintable()


def test_a_layout_shows_what_its_reader_may_see() -> None:
    everyone = visible(admin=False)
    usual = layout("creative", everyone, several=True)
    names = [column.name for column in usual.columns]
    assert names[:6] == ["client_name", "source", *(f"{level}_name" for level in HIERARCHY)]
    assert "media_cost" not in names
    assert (usual.sort_by, usual.order) == ("spend", "desc")
    with pytest.raises(BadQuestion, match="'media_cost' is not one of"):
        layout("creative", everyone, several=False, wanted=["media_cost"])
    chosen = layout("day", everyone, several=False, wanted=["spend", "date", "spend"], sort_by="spend")
    assert [column.name for column in chosen.columns] == ["spend", "date"]
