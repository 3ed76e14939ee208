"""A workbook as rows of text: every sheet is looked through for the header, one is read."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from libs.tabular.errors import EmptyFile
from libs.tabular.header import HEADER_ROWS, Header, Preview
from libs.tabular.package import Package
from libs.tabular.raw import RawChunk, Unclear
from libs.tabular.shared_strings import read_shared
from libs.tabular.sheet import Grid, SheetReader
from libs.tabular.sniff import Format
from libs.tabular.spec import ParseLimits

_PREVIEW = 256 * 1024
_SHARED = "xl/sharedStrings.xml"


class WorkbookSource:
    """An open .xlsx."""

    encoding: str | None = None

    def __init__(self, path: Path, form: Format, limits: ParseLimits) -> None:
        self.format: Format = form
        self._package = Package(path, limits)
        if not self._package.sheets:
            raise EmptyFile("The workbook has no worksheet. Export the report again.")
        has_shared = self._package.has(_SHARED)
        self._shared = read_shared(self._package.blocks(_SHARED)) if has_shared else []

    def previews(self) -> Sequence[Preview]:
        """The first rows of every sheet, hidden ones last."""
        return [
            Preview(
                f"the sheet “{sheet.name}”", _first_rows(SheetReader(self._package, sheet.part, self._shared))
            )
            for sheet in self._package.sheets
        ]

    def place(self, preview: int) -> tuple[str | None, str | None]:
        return self._package.sheets[preview].name, None

    def table(self, header: Header, required: Sequence[int]) -> "SheetTable":
        sheet = self._package.sheets[header.preview]
        return SheetTable(self._package, SheetReader(self._package, sheet.part, self._shared), header)


class SheetTable:
    """The rows below the header of a worksheet."""

    def __init__(self, package: Package, reader: SheetReader, header: Header) -> None:
        self.epoch_1904 = package.epoch_1904
        self._commas = package.has_decimal_commas
        self._reader = reader
        self._header_row = header.row + 1
        self._width = len(header.match.titles)

    def unclear(self, dates: Sequence[int]) -> Unclear:
        return Unclear(self._commas, bool(dates))

    def survey(self, columns: Sequence[int]) -> Iterator[pl.DataFrame]:
        for grid in self._grids():
            yield pl.DataFrame({f"c{index}": _only_texts(grid.column(index)) for index in columns})

    def chunks(self, decimal_comma: frozenset[int]) -> Iterator[RawChunk]:
        for grid in self._grids():
            yield _chunk(grid, self._width, decimal_comma)

    def _grids(self) -> Iterator[Grid]:
        for grid in self._reader.grids():
            above = max(0, self._header_row + 1 - grid.first_row)
            if above < len(grid.rows):
                yield Grid(grid.first_row + above, grid.first_column, grid.rows[above:])


def _chunk(grid: Grid, width: int, decimal_comma: frozenset[int]) -> RawChunk:
    columns = [_texts(grid.column(index), index in decimal_comma) for index in range(width)]
    frame = pl.DataFrame([texts.alias(f"c{index}") for index, texts in enumerate(columns)])
    numbers = pl.int_range(grid.first_row, grid.first_row + len(grid.rows), dtype=pl.UInt32, eager=True)

    def cells_of(row: int) -> Sequence[str | None]:
        margin: list[str | None] = [None] * min(grid.first_column, width)
        cells = [None if cell == "" else as_text(cell) for cell in grid.rows[row]]
        return [*margin, *cells][:width]

    return RawChunk(frame, numbers.alias("row_number"), cells_of)


def _only_texts(cells: list[Any]) -> pl.Series:
    return pl.Series([cell if isinstance(cell, str) else None for cell in cells], dtype=pl.String)


def _texts(cells: list[Any], decimal_comma: bool) -> pl.Series:
    """A column as text; the workbook's own numbers are written the way of their column."""
    kinds = set(map(type, cells))
    if kinds == {date}:
        return pl.Series(cells, dtype=pl.Date).dt.to_string("%Y-%m-%d")
    if kinds == {float}:
        numbers = pl.Series(cells, dtype=pl.Float64)
        if numbers.is_between(-1e15, 1e15).all() and (numbers == numbers.round()).all():
            return numbers.cast(pl.Int64).cast(pl.String)
    if kinds == {str}:
        return pl.Series(cells, dtype=pl.String)
    texts = [as_text(cell) for cell in cells]
    if decimal_comma:
        pairs = zip(cells, texts, strict=True)
        texts = [text.replace(".", ",") if isinstance(cell, float) else text for cell, text in pairs]
    return pl.Series(texts, dtype=pl.String)


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


def _first_rows(reader: SheetReader) -> list[list[str]]:
    rows: list[list[str]] = []
    for grid in reader.grids(_PREVIEW):
        rows.extend([] for _ in range(grid.first_row - 1 - len(rows)))
        margin = [""] * grid.first_column
        rows.extend([*margin, *(as_text(cell) for cell in row)] for row in grid.rows)
        if len(rows) >= HEADER_ROWS:
            break
    return rows[:HEADER_ROWS]
