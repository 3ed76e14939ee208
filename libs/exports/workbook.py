"""XLSX, written row by row into a file.

XlsxWriter in its constant-memory mode: a row leaves memory when the next one begins. It takes 12 to 14 s for
100,000 rows × 16 columns where openpyxl's write-only mode takes 23 to 26 (docs/performance.md), writes what
Excel itself would, and is kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from libs.errors import Terminal
from libs.exports.cells import is_formula
from libs.exports.columns import Column, heading_of
from libs.metrics.registry import Metric, Unit

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_576
"""Of a sheet, its heading included; more go to a further sheet."""
_INK, _LINE = "#17324D", "#D5DDE5"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


class CellRefused(Terminal):
    """The format cannot hold a value; the file would not be whole."""


class Workbook:
    """A file with sheets; ``close`` makes it complete."""

    def __init__(self, path: Path, currency: str, *, sheet_rows: int = SHEET_ROWS) -> None:
        self._book = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)})
        self._currency, self._sheet_rows = currency, sheet_rows
        self._heading = self._book.add_format(
            {"bold": True, "font_color": "white", "bg_color": _INK, "text_wrap": True, "valign": "top"}
        )
        self._formats = {
            "formula": self._book.add_format({"quote_prefix": True}),
            "date": self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "bold": self._book.add_format({"bold": True, "font_color": _INK}),
            "title": self._book.add_format({"bold": True, "font_size": 14, "font_color": _INK}),
            "note": self._book.add_format({"text_wrap": True, "valign": "top"}),
        }
        self._numbers: dict[tuple[Unit, int], Any] = {}

    def table(self, title: str, columns: Sequence[Column]) -> Table:
        """A sheet of rows; a second one of the same name and a number where it is full."""
        return Table(self, title, columns)

    def about(self, title: str, facts: Sequence[tuple[str, object]], notes: Sequence[str]) -> None:
        """A sheet that says what the file is about: facts, figures (``(label, number)``) and notes."""
        sheet = self._book.add_worksheet("About")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, title, self._formats["title"])
        for place, (label, value) in enumerate(facts, 2):
            sheet.write_string(place, 0, label, self._formats["bold"])
            self._fact(sheet, place, value)
        for place, note in enumerate(notes, len(facts) + 3):
            if place == len(facts) + 3:
                sheet.write_string(place, 0, "Notes", self._formats["bold"])
            sheet.write_string(place, 1, note, self._formats["note"])

    def close(self) -> None:
        """Put the file together."""
        self._book.close()

    def _fact(self, sheet: Any, place: int, value: object) -> None:
        if isinstance(value, tuple):
            metric, number = value
            sheet.write_number(place, 1, float(number), self.number(metric, left=True))
        else:
            sheet.write_string(
                place, 1, str(value), self._formats["formula" if is_formula(str(value)) else "note"]
            )

    def sheet(self, title: str, columns: Sequence[Column]) -> Any:
        """A sheet with its heading."""
        made = self._book.add_worksheet(title)
        for place, column in enumerate(columns):
            made.set_column(place, place, _width(column))
            made.write_string(0, place, heading_of(column, self._currency), self._heading)
        made.freeze_panes(1, 0)
        return made

    def number(self, metric: Metric, *, left: bool = False) -> Any:
        """How figures of a metric are shown; the cells hold them exactly."""
        key = (metric.unit, metric.decimals + 100 * left)
        if key not in self._numbers:
            decimals = "." + "0" * metric.decimals if metric.decimals else ""
            align = {"align": "left"} if left else {}
            self._numbers[key] = self._book.add_format({"num_format": f"#,##0{decimals}", **align})
        return self._numbers[key]

    def writer(self, sheet: Any, column: Column) -> Callable[[int, int, Any], None]:
        """What writes a value of a column."""
        if column.metric is not None:
            return _number_writer(sheet, self.number(column.metric))
        if column.is_date:
            return _date_writer(sheet, self._formats["date"])
        return _text_writer(sheet, self._formats["formula"])

    @property
    def sheet_rows(self) -> int:
        return self._sheet_rows


class Table:
    """Rows of a layout, over as many sheets as they need."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column]) -> None:
        self._book, self._title, self._columns = book, title, columns
        self._sheets, self._row = 0, 0
        self._writers: list[Callable[[int, int, Any], None]] = []
        self._begin()

    def write(self, frame: pl.DataFrame) -> None:
        """The rows of a page. Raises CellRefused rather than leave something out."""
        for row in frame.iter_rows():
            if self._row == self._book.sheet_rows:
                self._begin()
            for place, value in enumerate(row):
                if value is not None:
                    self._writers[place](self._row, place, value)
            self._row += 1

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        sheet = self._book.sheet(name, self._columns)
        self._writers = [self._book.writer(sheet, column) for column in self._columns]
        self._row = 1


def _number_writer(sheet: Any, form: Any) -> Callable[[int, int, Any], None]:
    write = sheet.write_number

    def number(row: int, place: int, value: str) -> None:
        _check(write(row, place, float(value), form), value)

    return number


def _date_writer(sheet: Any, form: Any) -> Callable[[int, int, Any], None]:
    def day(row: int, place: int, value: date) -> None:
        _check(sheet.write_datetime(row, place, value, form), value)

    return day


def _text_writer(sheet: Any, formula: Any) -> Callable[[int, int, Any], None]:
    write = sheet.write_string

    def words(row: int, place: int, value: str) -> None:
        """A string cell is never run; where it looks like a formula, editing it must not make it one."""
        _check(write(row, place, value, formula if is_formula(value) else None), value)

    return words


def _check(answer: int, value: object) -> None:
    if answer:
        raise CellRefused(f"a spreadsheet cannot hold {str(value)[:100]!r}")


def _width(column: Column) -> int:
    if column.metric is not None:
        return 15
    return 12 if column.is_date or column.name in ("source", "status") else 32
