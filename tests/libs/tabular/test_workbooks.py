"""Workbooks: traps first, then sheets, headers and cells as spreadsheets write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from libs.tabular import DamagedFile, EmptyFile, HeaderOnly, MissingColumns, ParseLimits, UnclearDates
from libs.tabular.sheet_xml import pieces
from tests.libs.tabular.tables import (
    HEADER,
    MAIN,
    ROW,
    UNSET,
    first_sheet,
    read_here,
    sheet_of,
    workbook,
    xml_parts,
    xml_row,
    zipped,
)

NUMBERS = ("2025-11-04", "Prospecting", "Homepage", "Autumn", 1000, 12, 3, 4.76)


def sheet_xml(path: Path, *rows: str) -> Path:
    return zipped(path, xml_parts(xml_row(1, HEADER) + "".join(rows)))


def with_cell(number: int, index: int, cell: str) -> str:
    return xml_row(number, [cell if place == index else str(text) for place, text in enumerate(ROW)])


def test_an_error_in_a_used_column_is_a_bad_cell(tmp_path: Path) -> None:
    rows = [
        with_cell(2, 7, '<c t="e"><v>#DIV/0!</v></c>'),
        with_cell(3, 7, "<c t='e'><f>A1/0</f><v>#REF!</v></c>"),
    ]
    result = read_here(sheet_xml(tmp_path / "r.xlsx", *rows))
    assert [row.reasons for row in result.bad] == [
        ("Media Spend: “#DIV/0!” is a spreadsheet error; expected an amount, 0 or more",),
        ("Media Spend: “#REF!” is a spreadsheet error; expected an amount, 0 or more",),
    ]
    assert result.bad[0].raw_cells[-1] == "#DIV/0!"


def test_a_text_that_looks_like_an_error_cell_stays_a_text(tmp_path: Path) -> None:
    result = read_here(sheet_xml(tmp_path / "r.xlsx", with_cell(2, 3, ' t="e" &gt; Autumn')))
    assert result.column("creative") == ['t="e" > Autumn']


@pytest.mark.parametrize(
    "cell",
    [
        "<c><f>SUM(A1:A9)</f></c>",
        "<c><f>SUM(A1:A9)</f><v/></c>",
        "<c><f>SUM(A1:A9)</f><v></v></c>",
        '<c s="0"><f t="shared" si="0">SUM(A1:A9)</f> </c>',
        '<c><f t="shared" si="0"/></c>',
    ],
)
def test_a_formula_without_a_stored_result_is_a_bad_cell(tmp_path: Path, cell: str) -> None:
    rows = [with_cell(2, 7, cell), with_cell(3, 3, cell), with_cell(4, 0, cell), xml_row(5, ROW)]
    result = read_here(sheet_xml(tmp_path / "r.xlsx", *rows))
    assert result.column("row_number") == [5]
    assert ["is a formula without a stored result" in row.reasons[0] for row in result.bad] == [True] * 3
    assert (result.bad[0].raw_cells[7] or "").startswith("=")


def test_formulas_with_results_are_their_results(tmp_path: Path) -> None:
    rows = [
        with_cell(2, 7, "<c><f>1+1</f><v>2</v></c>"),
        with_cell(3, 3, '<c t="str"><f>"x"</f><v>Autumn</v></c>'),
        with_cell(4, 7, '<c t="str"><f>IF(1,"")</f><v></v></c>'),
    ]
    result = read_here(sheet_xml(tmp_path / "r.xlsx", *rows))
    assert result.bad == []
    assert result.column("media_cost_micros") == [2_000_000, 4_760_000, 0]


def test_a_formula_in_a_column_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    row = xml_row(2, [*ROW, "<c><f>A2/B2</f></c>"])
    path = zipped(tmp_path / "r.xlsx", xml_parts(xml_row(1, [*HEADER, "ROAS"]) + row))
    assert read_here(path).summary.rows_good == 1


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("<c><v>NaN</v></c>", "“nan” is not a number"),
        ("<c><v>1e400</v></c>", "“inf” is not a number"),
        ("<c><v>-5</v></c>", "“-5” is negative"),
        ('<c t="b"><v>1</v></c>', "“TRUE” is not a number"),
        ("<c><v>abc</v></c>", "“abc” is not a number"),
        ("_xD83D_", "“_xD83D_” is not a number"),
        ("4\0", "“4␀” holds a NUL character"),
    ],
)
def test_cells_that_are_no_amounts(tmp_path: Path, cell: str, problem: str) -> None:
    result = read_here(sheet_xml(tmp_path / "r.xlsx", with_cell(2, 7, cell)))
    assert result.bad[0].reasons[0].startswith(f"Media Spend: {problem}")


def test_sheets_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    broken = {
        "cut short": xml_parts(xml_row(1, HEADER) + xml_row(2, ROW)),
        "cannot be read": xml_parts(xml_row(1, HEADER) + with_cell(2, 3, "a&unknown;b")),
        "damaged": xml_parts(""),
        "does not hold": xml_parts(""),
    }
    broken["cut short"]["xl/worksheets/sheet1.xml"] = broken["cut short"]["xl/worksheets/sheet1.xml"][:-60]
    broken["damaged"]["xl/workbook.xml"] = b"<workbook><sheets>"
    del broken["does not hold"]["xl/worksheets/sheet1.xml"]
    for words, parts in broken.items():
        with pytest.raises(DamagedFile, match=words):
            read_here(zipped(path, parts))


def test_workbooks_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    with pytest.raises(EmptyFile):
        read_here(workbook(path, lambda book: None))
    with pytest.raises(EmptyFile):
        read_here(
            zipped(
                path,
                xml_parts("").copy() | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData/></worksheet>"},
            )
        )
    parts = xml_parts("")
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"/worksheet", b"/chartsheet")
    with pytest.raises(EmptyFile, match="no worksheet"):
        read_here(zipped(path, parts))
    with pytest.raises(HeaderOnly):
        read_here(sheet_of(path, []))
    with pytest.raises(MissingColumns, match="row 1 of the sheet “Sheet”, holds: “Date”"):
        read_here(sheet_of(path, [], HEADER[:4]))


def test_the_header_is_found_in_any_sheet_row_and_column(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        first_sheet(book).title = "About"
        first_sheet(book)["A1"] = "Date"
        hidden, sheet = book.create_sheet("Old"), book.create_sheet("Raw Data")
        hidden.sheet_state = "hidden"
        for target in (hidden, sheet):
            target["B1"] = "Ads Manager"
            for index, (title, cell) in enumerate(zip(HEADER, NUMBERS, strict=True)):
                target.cell(3, index + 2, title)
                target.cell(5, index + 2, cell)

    result = read_here(workbook(tmp_path / "r.xlsx", fill))
    assert (result.header.sheet, result.header.row_number, result.header.format) == ("Raw Data", 3, "xlsx")
    assert (result.header.encoding, result.header.delimiter) == (None, None)
    assert result.column("row_number") == [5]
    assert result.summary.blank_rows == 1
    assert result.header.unknown == ()
    assert any("the sheet “Old” has the same columns" in told for told in result.header.warnings)


def test_days_in_every_form(tmp_path: Path) -> None:
    forms = [
        date(2025, 11, 4),
        datetime(2025, 11, 4, 10, 30),  # noqa: DTZ001 – a spreadsheet has no zone
        "11/4/2025",
        "2025-11-04",
        45965,
        45965.5,
        20251104,
    ]
    rows = [(form, *NUMBERS[1:]) for form in [*forms, time(10, 30), True, 12.5]]
    path = sheet_of(tmp_path / "r.xlsx", rows)
    book = openpyxl.load_workbook(path)
    first_sheet(book)["A4"].number_format = "m/d/yy"  # a text in a date cell
    book.save(path)
    result = read_here(path)
    assert result.column("date") == [date(2025, 11, 4)] * len(forms)
    assert [row.raw_cells[0] for row in result.bad] == ["10:30:00", "TRUE", "12.5"]
    assert all("is not a date" in row.reasons[0] for row in result.bad)


def test_days_of_the_1904_system(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        first_sheet(book).append(list(HEADER))
        first_sheet(book).append([date(2025, 11, 4), *NUMBERS[1:]])
        first_sheet(book).append([44503, *NUMBERS[1:]])

    assert read_here(workbook(tmp_path / "r.xlsx", fill)).column("date") == [date(2025, 11, 4)] * 2


def test_doubles_are_their_shortest_decimal(tmp_path: Path) -> None:
    amounts = [0.12345678, 1e-7, 5, 4.76, 123456789.123456, 1e15, "", None, " $ -   "]
    rows = [(*NUMBERS[:7], amount) for amount in amounts]
    result = read_here(sheet_of(tmp_path / "r.xlsx", rows))
    assert result.column("media_cost_micros") == [
        123_457,
        0,
        5_000_000,
        4_760_000,
        123_456_789_123_456,
        0,
        0,
        0,
    ]
    assert result.summary.rounded_money == 2
    assert result.bad[0].raw_cells[7] == "1000000000000000.0"


def test_numbers_of_the_file_stay_what_they_are_beside_decimal_commas(tmp_path: Path) -> None:
    rows = [(*NUMBERS[:7], amount) for amount in ("1.234,56", 1.234, 1234)]
    result = read_here(sheet_of(tmp_path / "r.xlsx", rows))
    assert "Media Spend" in result.header.decimal_comma
    assert result.column("media_cost_micros") == [1_234_560_000, 1_234_000, 1_234_000_000]
    assert result.column("impressions") == [1000] * 3


def test_names_that_are_no_texts(tmp_path: Path) -> None:
    rows = [(NUMBERS[0], name, *NUMBERS[2:]) for name in (2025, 1.5, date(2025, 11, 4), True, "a\tb")]
    result = read_here(sheet_of(tmp_path / "r.xlsx", rows))
    assert result.column("strategy") == ["2025", "1.5", "2025-11-04", "TRUE", "a b"]


def test_a_merged_cell_has_its_value_in_its_first_row_only(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        sheet = first_sheet(book)
        for row in (HEADER, NUMBERS, NUMBERS):
            sheet.append(list(row))
        sheet.merge_cells("B2:B3")

    result = read_here(workbook(tmp_path / "r.xlsx", fill))
    assert result.column("row_number") == [2]
    assert result.bad[0].raw_cells[1] is None
    assert result.bad[0].reasons == ("Strategy: is missing; expected a name",)


def test_cells_beside_the_table_are_not_its_business(tmp_path: Path) -> None:
    result = read_here(sheet_of(tmp_path / "r.xlsx", [(*NUMBERS, None, "a note"), (None,) * 12, NUMBERS]))
    assert (result.column("row_number"), result.summary.blank_rows) == ([2, 4], 1)


def test_undecided_days_are_refused_here_too(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "r.xlsx", [("11/4/2025", *NUMBERS[1:]), (date(2025, 11, 5), *NUMBERS[1:])])
    with pytest.raises(UnclearDates):
        read_here(path, UNSET)
    assert read_here(path, replace(UNSET, date_format="DMY")).column("date")[0] == date(2025, 4, 11)


def test_shared_strings_styles_prefixes_and_rows_without_numbers(tmp_path: Path) -> None:
    strings = [*HEADER, *ROW]
    shared = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in strings) + "</sst>"
    cells = [
        "".join(f'<x:c t="s"><x:v>{start + index}</x:v></x:c>' for index in range(8)) for start in (0, 8, 8)
    ]
    parts = xml_parts("", shared)
    rows = "".join(f"<x:row>{row}</x:row>" for row in cells)
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'.encode()
    )
    result = read_here(zipped(tmp_path / "r.xlsx", parts))
    assert result.column("row_number") == [2, 3]
    assert result.column("creative") == ["Autumn", "Autumn"]


@pytest.mark.parametrize("numbered", [True, False])
def test_rows_keep_their_numbers_over_pieces(tmp_path: Path, numbered: bool) -> None:
    rows = "".join(xml_row(number, ROW) for number in range(2, 25_002))
    data = xml_row(1, HEADER) + rows
    if not numbered:
        data = "".join(f"<row>{row.split('>', 1)[1]}" for row in data.split("<row")[1:])
        for letter in "ABCDEFGH":
            data = re.sub(rf' r="{letter}\d+"', "", data)
    result = read_here(zipped(tmp_path / "r.xlsx", xml_parts(data)), limits=ParseLimits(max_ratio=1_000))
    assert result.column("row_number") == list(range(2, 25_002))


def test_a_sheet_is_cut_between_rows() -> None:
    rows = "".join(xml_row(number, ["a", "b"]) for number in range(1, 50))
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'.encode()
    for size in (1, 100, 1_000, 10_000):
        for step in (7, 64, 5_000):
            blocks = (xml[start : start + step] for start in range(0, len(xml), step))
            found = list(pieces(blocks, size))
            assert b"".join(piece for _, piece in found) == rows.encode()
            assert all(piece.startswith(b"<row") or not piece for _, piece in found)
