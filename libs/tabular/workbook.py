"""A workbook as rows of text: every sheet is looked through for the header, one is read."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from libs.tabular.errors import EmptyFile
from libs.tabular.header import HEADER_ROWS, Header, Preview
from libs.tabular.package import Package
from libs.tabular.raw import RawChunk
from libs.tabular.sheet import Grid, SheetReader
from libs.tabular.sniff import Format
from libs.tabular.spec import ParseLimits

_PREVIEW = 256 * 1024


class WorkbookSource:
    """An open .xlsx."""

    encoding: str | None = None

    def __init__(self, path: Path, form: Format, limits: ParseLimits) -> None:
        self.format: Format = form
        self._package = Package(path, limits)
        if not self._package.sheets:
            raise EmptyFile("The workbook has no worksheet. Export the report again.")

    def previews(self) -> Sequence[Preview]:
        """The first rows of every sheet, hidden ones last."""
        return [
            Preview(f"the sheet “{sheet.name}”", _first_rows(SheetReader(self._package, sheet.part)))
            for sheet in self._package.sheets
        ]

    def place(self, preview: int) -> tuple[str | None, str | None]:
        return self._package.sheets[preview].name, None

    def table(self, header: Header, required: Sequence[int]) -> "SheetTable":
        sheet = self._package.sheets[header.preview]
        return SheetTable(self._package, SheetReader(self._package, sheet.part), header)


class SheetTable:
    """The rows below the header of a worksheet."""

    def __init__(self, package: Package, reader: SheetReader, header: Header) -> None:
        self.epoch_1904 = package.epoch_1904
        self._commas = package.has_decimal_commas
        self._reader = reader
        self._header_row = header.row + 1
        self._width = len(header.match.titles)

    def may_hold_decimal_commas(self) -> bool:
        return self._commas

    def survey(self, columns: Sequence[int]) -> Iterator[pl.DataFrame]:
        for grid in self._grids():
            found = {f"c{index}": [_if_text(cell) for cell in _column(grid, index)] for index in columns}
            yield pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))

    def chunks(self, decimal_comma: frozenset[int]) -> Iterator[RawChunk]:
        for grid in self._grids():
            yield _chunk(grid, self._width, decimal_comma)

    def _grids(self) -> Iterator[Grid]:
        for grid in self._reader.grids():
            above = max(0, self._header_row + 1 - grid.first_row)
            if above < len(grid.rows):
                yield Grid(grid.first_row + above, grid.first_column, grid.rows[above:])


def _chunk(grid: Grid, width: int, decimal_comma: frozenset[int]) -> RawChunk:
    columns = {}
    for index in range(width):
        cells = [as_text(cell) for cell in _column(grid, index)]
        columns[f"c{index}"] = cells if index not in decimal_comma else _with_commas(grid, index, cells)
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    numbers = pl.int_range(grid.first_row, grid.first_row + len(grid.rows), dtype=pl.UInt32, eager=True)

    def cells_of(row: int) -> Sequence[str | None]:
        before: list[str | None] = [None] * min(grid.first_column, width)
        row_cells = [None if cell == "" else as_text(cell) for cell in grid.rows[row]]
        return [*before, *row_cells][: max(width, 1)]

    return RawChunk(frame, numbers.alias("row_number"), cells_of)


def _with_commas(grid: Grid, index: int, texts: list[str]) -> list[str]:
    """Numbers of the file itself, written the way of their column."""
    return [
        text.replace(".", ",") if isinstance(cell, float) else text
        for cell, text in zip(_column(grid, index), texts, strict=True)
    ]


def as_text(cell: Any) -> str:
    """A cell as text: numbers as their shortest decimal, days as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _column(grid: Grid, index: int) -> list[Any]:
    place = index - grid.first_column
    if place < 0 or not grid.rows or place >= len(grid.rows[0]):
        return [""] * len(grid.rows)
    return [row[place] for row in grid.rows]


def _if_text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) else None


def _first_rows(reader: SheetReader) -> list[list[str]]:
    rows: list[list[str]] = []
    for grid in reader.grids(_PREVIEW):
        rows.extend([] for _ in range(grid.first_row - 1 - len(rows)))
        margin = [""] * grid.first_column
        rows.extend([*margin, *(as_text(cell) for cell in row)] for row in grid.rows)
        if len(rows) >= HEADER_ROWS:
            break
    return rows[:HEADER_ROWS]
