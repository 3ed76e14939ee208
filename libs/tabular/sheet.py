"""A worksheet in pieces of some thousand rows, each read by calamine as a small workbook of its own.

calamine holds a sheet as one rectangle, filled or not, and panics or aborts where that does not fit. Cut into
pieces, memory stays flat, and the rectangle of a piece is known before.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from python_calamine import CalamineError, load_workbook

from libs.tabular.errors import DamagedFile
from libs.tabular.package import Package
from libs.tabular.sheet_xml import check_extent, closing, pieces, with_visible_errors

_PIECE: Final = 8 * 1024 * 1024  # of sheet XML: some 15,000 rows of a report
_NUMBERED: Final = re.compile(rb"<(?:[\w.-]+:)?row\b[^>]*\sr\s*=")
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


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
    """Reads one worksheet, as often as asked."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._shared = package.read("xl/sharedStrings.xml")
        self._styles = package.read("xl/styles.xml")

    def grids(self, piece: int = _PIECE) -> Iterator[Grid]:
        """The sheet from top to bottom. Raises HostileFile and DamagedFile."""
        above = 0
        for root, rows in pieces(self._package.blocks(self._part), piece):
            check_extent(rows)
            start, cells = self._read(root + with_visible_errors(rows) + closing(root))
            numbered = _NUMBERED.search(rows[:1_000]) is not None
            if start is not None:
                yield Grid(start[0] + 1 + (0 if numbered else above), start[1], cells)
            above += 0 if numbered else len(cells)

    def _read(self, sheet: bytes) -> tuple[tuple[int, int] | None, list[list[Any]]]:
        try:
            with load_workbook(self._small_workbook(sheet)) as book:
                found = book.get_sheet_by_index(0)
                return found.start, found.to_python()
        except CalamineError as error:
            raise DamagedFile(f"The sheet cannot be read ({error}). Save or export it again.") from error

    def _small_workbook(self, sheet: bytes) -> io.BytesIO:
        epoch = '<workbookPr date1904="1"/>' if self._package.epoch_1904 else ""
        parts: dict[str, str | bytes] = {
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{epoch}'
            '<sheets><sheet name="s" sheetId="1" r:id="r"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/sharedStrings.xml": self._shared,
            "xl/styles.xml": self._styles,
            "xl/worksheets/sheet1.xml": sheet,
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as book:
            for name, content in parts.items():
                if content:
                    book.writestr(name, content)
        packed.seek(0)
        return packed


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'
