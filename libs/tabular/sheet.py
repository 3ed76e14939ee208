"""A worksheet in pieces of some thousand rows, each read by calamine as a small workbook of its own.

calamine holds a sheet as one rectangle, filled or not, and panics or aborts where that does not fit. Cut into
pieces, memory stays flat, and the rectangle of a piece is known before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from libs.tabular.package import Package
from libs.tabular.shared_strings import resolve, with_references
from libs.tabular.sheet_xml import check_extent, closing, pieces, with_visible_errors
from libs.tabular.small_workbook import read_cells

_PIECE: Final = 4 * 1024 * 1024  # of sheet XML: some 8,000 rows of a report
_NUMBERED: Final = re.compile(rb"<(?:[\w.-]+:)?row\b[^>]*\sr\s*=")


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells as calamine gives them. first_row counts from 1, first_column from 0."""

    first_row: int
    first_column: int
    rows: list[list[Any]]

    def column(self, index: int) -> list[Any]:
        """The cells of a column of the sheet, counted from 0; empty cells are ''."""
        place = index - self.first_column
        if place < 0 or not self.rows or place >= len(self.rows[0]):
            return [""] * len(self.rows)
        return [row[place] for row in self.rows]


class SheetReader:
    """Reads one worksheet, as often as asked. shared: the workbook's shared texts."""

    def __init__(self, package: Package, part: str, shared: list[str]) -> None:
        self._package, self._part, self._shared = package, part, shared

    def grids(self, piece: int = _PIECE) -> Iterator[Grid]:
        """The sheet from top to bottom. Raises HostileFile and DamagedFile."""
        above = 0
        for root, rows in pieces(self._package.blocks(self._part), piece):
            check_extent(rows)
            sheet = root + with_references(with_visible_errors(rows)) + closing(root)
            styles, epoch_1904 = self._package.styles, self._package.epoch_1904
            start, cells = read_cells(sheet, styles=styles, epoch_1904=epoch_1904)
            resolve(cells, self._shared)
            numbered = _NUMBERED.search(rows[:1_000]) is not None
            if start is not None:
                yield Grid(start[0] + 1 + (0 if numbered else above), start[1], cells)
            above += 0 if numbered else len(cells)
