"""The XML of a worksheet before calamine sees it: cut into pieces, traps made visible, measured."""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from libs.tabular.errors import DamagedFile, HostileFile
from libs.tabular.raw import FORMULA

MOST_CELLS: Final = 4_000_000  # calamine takes 32 bytes for each cell of the rectangle: 128 MB
_MOST_ROWS: Final = 1_048_576
_MOST_PROLOG: Final = 8 * 1024 * 1024  # views and columns before the first row; real ones have some KB
_START: Final = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*?(/?)>")
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>")
# An error cell always holds <v>#…: nothing inside a text can look like it, as a text cannot hold a “<”.
_ERROR_CELL: Final = re.compile(
    rb"""( t\s*+=\s*+["'])e(["'][^<>]*>(?:<[^>]*f\b[^>]*>(?:[^<]*<[^>]*f>)?)?<[^>]*v>#)"""
)
_NO_RESULT: Final = rb"\s*+(?:<[^>/]*v\s*+/>|<[^>/]*v>\s*+</[^>]*v>)?\s*+</[^>]*c>"
_NO_RESULT_HINTS: Final = (re.compile(rb"f>" + _NO_RESULT), re.compile(rb"<f [^>]*/>" + _NO_RESULT))
_FORMULA_CELL: Final = re.compile(
    rb"<((?:[\w.-]+:)?)c\b([^>]*)>\s*+<(?:[\w.-]+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:[\w.-]+:)?f>)"
    + _NO_RESULT
)
_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+\d+)["']""")
_TEXT_RESULT: Final = re.compile(rb"""\st\s*=\s*["']str["']""")
_R: Final = r"""\sr\s*=\s*["']"""
_FILLED_CELL: Final = rf"<(?:[A-Za-z0-9_.-]+:)?c(?:\s[^>]*)?{_R}[A-Za-z]+[0-9]+[\"'](?:[^>]*[^/>])?>"


def pieces(blocks: Iterator[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """(opening tags, whole rows) of about `size` bytes each. Raises DamagedFile if the sheet breaks off."""
    buffer, root, end_tag, row_tag = bytearray(), b"", b"", b""
    for block in blocks:
        seen = max(0, len(buffer) - 32)
        buffer += block
        if not root:
            found = _START.search(buffer)
            if not found and len(buffer) < _MOST_PROLOG:
                continue
            if not found:
                break
            if found[2]:
                return
            opening = _ROOT.search(buffer, 0, found.start())
            root = (bytes(opening[0]) if opening else b"<worksheet>") + bytes(found[0])
            end_tag, row_tag = b"</" + found[1] + b"sheetData", b"</" + found[1] + b"row>"
            del buffer[: found.end()]
            seen = 0
        end = buffer.find(end_tag, seen)
        if end >= 0:
            yield root, bytes(buffer[:end])
            return
        if len(buffer) >= size and (cut := buffer.rfind(row_tag) + len(row_tag)) >= len(row_tag):
            yield root, bytes(buffer[:cut])
            del buffer[:cut]
    raise DamagedFile("The sheet is cut short. Save or export it again.")


def closing(root: bytes) -> bytes:
    """The end tags for the opening tags of a piece."""
    names = re.findall(rb"<([\w.:-]+)", root)
    return b"".join(b"</" + name + b">" for name in reversed(names))


def with_visible_errors(rows: bytes) -> bytes:
    """calamine gives #DIV/0! and formulas without a stored result as empty cells, which would count as 0.

    Errors become text; such a formula becomes text that begins with FORMULA.
    """
    rows = _ERROR_CELL.sub(rb"\1str\2", rows)
    if any(hint.search(rows) for hint in _NO_RESULT_HINTS):
        rows = _FORMULA_CELL.sub(_as_formula_text, rows)
    return rows


def _as_formula_text(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, formula = cell[1], cell[2], cell[3] or b""
    if _TEXT_RESULT.search(attributes):
        return cell[0]  # its stored result is an empty text
    reference = _REFERENCE.search(attributes)
    place = b' r="' + reference[1] + b'"' if reference else b""
    text = FORMULA.encode() + b"=" + formula
    return b'<%bc%b t="str"><%bv>%b</%bv></%bc>' % (prefix, place, prefix, text, prefix, prefix)


def check_extent(rows: bytes) -> None:
    """Refuse a piece whose cells span more than calamine should allocate. Raises HostileFile."""
    xml = pl.Series([rows.decode("utf-8", "replace")])
    width, (low, high) = _roughly(xml)
    if width * (high - low + 1) <= MOST_CELLS and high <= _MOST_ROWS:
        return
    width, (low, high) = _exactly(xml)
    if width * (high - low + 1) > MOST_CELLS or high > _MOST_ROWS:
        raise HostileFile(
            f"The sheet holds cells far apart (rows {low:,} to {high:,}, {width:,} columns). Delete what "
            "stands outside of the table, or export it as .csv.",
            rows=high,
            columns=width,
        )


def _roughly(xml: pl.Series) -> tuple[int, tuple[int, int]]:
    """(width, rows) at most, from the number of letters and digits alone: faster than reading all."""
    letters = next((count for count in (1, 2, 3) if not _has(xml, rf"{_R}[A-Za-z]{{{count + 1}}}")), 4)
    numbers = (
        xml.str.extract_all(rf"row{_R}[0-9]+").explode().str.extract("([0-9]+)$").cast(pl.Int64, strict=False)
    )
    low, high = int(str(numbers.min() or 1)), int(str(numbers.max() or 1))
    if _has(xml, rf"{_R}[A-Za-z]+[0-9]{{{len(str(high)) + 1}}}"):
        high = 10 * _MOST_ROWS
    return (26, 702, 16_384, 10**9)[letters - 1], (low, high)


def _has(xml: pl.Series, pattern: str) -> bool:
    return bool(xml.str.contains(pattern)[0])


def _exactly(xml: pl.Series) -> tuple[int, tuple[int, int]]:
    """(width, rows) of the cells that are filled."""
    cells = xml.str.extract_all(_FILLED_CELL).explode().drop_nulls()
    if cells.is_empty():
        return 1, (1, 1)
    letters = cells.str.extract(rf"{_R}([A-Za-z]+)").str.to_uppercase().unique().drop_nulls().to_list()
    rows = (
        cells.str.extract(rf"{_R}[A-Za-z]+([0-9]+)").cast(pl.Int64, strict=False).fill_null(10 * _MOST_ROWS)
    )
    return max(map(_column_number, letters), default=1), (int(str(rows.min())), int(str(rows.max())))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters[:8]:
        number = number * 26 + ord(letter) - 64
    return number
