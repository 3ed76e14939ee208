"""A worksheet in pieces of some thousand rows, each read by calamine as a small workbook of its own.

calamine holds a sheet as one rectangle: 32 bytes for each cell of it, filled or not, and a panic or an abort
where that does not fit. Cut into pieces, memory stays flat, and the rectangle of a piece is known before.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from python_calamine import CalamineError, load_workbook

from libs.tabular.errors import DamagedFile, HostileFile
from libs.tabular.package import Package
from libs.tabular.raw import FORMULA

_PIECE: Final = 16 * 1024 * 1024  # of sheet XML: some 20,000 rows of a report
_MOST_CELLS: Final = 4_000_000
_MOST_ROWS: Final = 1_048_576
_START: Final = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*?(/?)>")
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>")
# Filled cells with a reference, and any row: the references span the rectangle that calamine would allocate.
_REFERENCE: Final = r"<(?:[\w.-]+:)?(?:c|row)\s(?:[^>]*\s)?r\s*=\s*[\"']([A-Za-z]*\d+)[\"'][^>]*>"
_ERROR_CELL: Final = re.compile(rb"(<(?:[\w.-]+:)?c\b[^>]*?\st\s*=\s*)([\"'])e\2")
_EMPTY_FORMULA: Final = re.compile(
    rb"<((?:[\w.-]+:)?)c\b([^>]*)>\s*<(?:[\w.-]+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:[\w.-]+:)?f>)"
    rb"\s*(?:<(?:[\w.-]+:)?v\s*/>|<((?:[\w.-]+:)?)v>\s*</\4v>)?\s*</\1c>"
)
_HINT_FORMULA: Final = re.compile(
    rb"(?:f>|<(?:[\w.-]+:)?f\b[^>]*/>)\s*(?:<[^>]*v\s*/>|<[^>/]*v>\s*</[^>]*v>)?\s*</[^>]*c>"
)
_REFERENCE_OF: Final = re.compile(rb"\sr\s*=\s*[\"']([^\"']*)[\"']")
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells as calamine gives them. first_row and first_column count from 1 and from 0."""

    first_row: int
    first_column: int
    rows: list[list[Any]]


class SheetReader:
    """Reads one worksheet, as often as asked."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._shared = package.read("xl/sharedStrings.xml")
        self._styles = package.read("xl/styles.xml")

    def grids(self, piece: int = _PIECE) -> Iterator[Grid]:
        """The sheet from top to bottom. Raises HostileFile and DamagedFile."""
        follow = 0
        for root, rows in _pieces(self._package.blocks(self._part), piece):
            xml = _visible_errors(rows)
            _check_extent(xml)
            start, cells = self._calamine(root + xml + _closing(root))
            numbered = re.search(rb"<(?:[\w.-]+:)?row\b[^>]*\sr\s*=", rows[:1_000]) is not None
            if start is not None:
                yield Grid(start[0] + 1 + (0 if numbered else follow), start[1], cells)
            follow += rows.count(b"<row")

    def _calamine(self, sheet: bytes) -> tuple[tuple[int, int] | None, list[list[Any]]]:
        try:
            with load_workbook(self._small_workbook(sheet)) as book:
                found = book.get_sheet_by_index(0)
                return found.start, found.to_python()
        except CalamineError as error:
            raise DamagedFile(f"The sheet cannot be read ({error}). Save or export it again.") from error

    def _small_workbook(self, sheet: bytes) -> io.BytesIO:
        epoch = '<workbookPr date1904="1"/>' if self._package.epoch_1904 else ""
        parts: dict[str, str | bytes] = {
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{epoch}'
            '<sheets><sheet name="s" sheetId="1" r:id="r"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r" '
            f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
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


def _pieces(blocks: Iterator[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """(opening tags, whole rows) from the XML of a sheet."""
    buffer, root, prefix = b"", b"", b""
    for block in blocks:
        buffer += block
        if not root:
            if not (found := _START.search(buffer)):
                continue
            if found[2]:
                return
            opening = _ROOT.search(buffer, 0, found.start())
            prefix = found[1]
            root = (opening[0] if opening else b"<worksheet>") + found[0]
            buffer = buffer[found.end() :]
        end = buffer.find(b"</" + prefix + b"sheetData")
        if end >= 0:
            yield root, buffer[:end]
            return
        if len(buffer) >= size:
            cut = buffer.rfind(b"</" + prefix + b"row>")
            if cut > 0:
                cut += len(prefix) + 6
                yield root, buffer[:cut]
                buffer = buffer[cut:]
    raise DamagedFile("The sheet is cut short. Save or export it again.")


def _closing(root: bytes) -> bytes:
    tags = [tag.split(None, 1)[0].strip(b"<>") for tag in re.findall(rb"<[^>]+>", root)]
    return b"".join(b"</" + tag + b">" for tag in reversed(tags))


def _visible_errors(rows: bytes) -> bytes:
    """calamine gives #DIV/0! and formulas without a stored result as empty cells, which would count as 0."""
    if re.search(rb"t\s*=\s*[\"']e[\"']", rows):
        rows = _ERROR_CELL.sub(rb"\1\2str\2", rows)
    return _EMPTY_FORMULA.sub(_formula_text, rows) if _HINT_FORMULA.search(rows) else rows


def _formula_text(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, formula = cell[1], cell[2], cell[3] or b""
    if re.search(rb"\st\s*=\s*[\"']str[\"']", attributes):
        return cell[0]  # its result is an empty text
    reference = _REFERENCE_OF.search(attributes)
    place = b' r="' + reference[1] + b'"' if reference else b""
    text = FORMULA.encode() + b"=" + formula
    return b'<%bc%b t="str"><%bv>%b</%bv></%bc>' % (prefix, place, prefix, text, prefix, prefix)


def _check_extent(rows: bytes) -> None:
    """The rectangle of a piece. Raises HostileFile for cells far outside of any table."""
    cells = pl.Series([rows.decode("utf-8", "replace")]).str.extract_all(_REFERENCE).explode().drop_nulls()
    filled = cells.filter(~cells.str.ends_with("/>"))
    if filled.is_empty():
        return
    references = filled.str.extract(_REFERENCE, 1).str.to_uppercase().unique()
    letters = references.str.extract("^([A-Z]+)").drop_nulls().unique().to_list()
    numbers = references.str.extract(r"(\d+)$").cast(pl.Int64, strict=False)
    width = max((_column_number(text) for text in letters), default=1)
    low, high = (int(str(bound)) for bound in (numbers.min() or 0, numbers.max() or 0))
    if numbers.null_count() or high > _MOST_ROWS or width * (high - low + 1) > _MOST_CELLS:
        raise HostileFile(
            f"The sheet holds cells far apart (rows {low:,} to {high:,}, {width:,} columns). Delete what "
            "stands outside of the table, or export it as .csv.",
            rows=high,
            columns=width,
        )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters[:8]:
        number = number * 26 + ord(letter) - 64
    return number
