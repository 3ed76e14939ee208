"""The texts of a workbook that its cells refer to by number, read once for all pieces of a sheet.

A million rows bring a million texts: left to calamine, they would be parsed again with each piece.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from libs.tabular.errors import DamagedFile
from libs.tabular.small_workbook import MAIN, read_cells

_REFERENCE: Final = "\ufdd3"  # begins a cell that holds the number of a shared text
_PIECE: Final = 2 * 1024 * 1024
_ROOT: Final = re.compile(rb"<((?:[\w.-]+:)?)sst\b[^>]*>")
_TEXT: Final = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_CELL: Final = re.compile(
    rb"""( t\s*+=\s*+["'])s(["'][^<>]*>\s*+(?:<[^>]*f\b[^>]*>(?:[^<]*<[^>]*f>)?)?<[^>]*v>)"""
)


def with_references(rows: bytes) -> bytes:
    """Rows of a sheet whose cells hold the numbers of shared texts as texts of their own."""
    mark = _REFERENCE.encode()
    return _CELL.sub(rb"\1str\2" + mark, rows.replace(b' t="s"><v>', b' t="str"><v>' + mark))


def resolve(rows: list[list[Any]], shared: list[str]) -> None:
    """Put the shared texts where cells refer to them. Raises DamagedFile for a number without a text."""
    try:
        for row in rows:
            for place, cell in enumerate(row):
                if cell.__class__ is str and cell[:1] == _REFERENCE:
                    row[place] = shared[int(cell[1:])]
    except (IndexError, ValueError) as error:
        raise DamagedFile(
            "A cell refers to a text that the workbook does not hold. Save it again."
        ) from error


def read_shared(blocks: Iterator[bytes]) -> list[str]:
    """All shared texts in their order, from the XML of their part. Raises DamagedFile."""
    found: list[str] = []
    for opening, texts, closing in _pieces(blocks):
        count = len(_TEXT.findall(texts))
        cells = b"".join(b'<row><c t="s"><v>%d</v></c></row>' % number for number in range(count))
        sheet = b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (MAIN.encode(), cells)
        _, rows = read_cells(sheet, shared=opening + texts + closing)
        found.extend(str(row[0]) for row in rows)
    return found


def _pieces(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(the opening tag, some whole texts, the closing tag)."""
    buffer, opening, closing, end = bytearray(), b"", b"", b""
    for block in blocks:
        buffer += block
        if not opening:
            if not (found := _ROOT.search(buffer)):
                continue
            opening, closing, end = bytes(found[0]), b"</%bsst>" % found[1], b"</%bsi>" % found[1]
            del buffer[: found.end()]
        cut = buffer.rfind(end) + len(end)
        if len(buffer) >= _PIECE and cut >= len(end):
            yield opening, bytes(buffer[:cut]), closing
            del buffer[:cut]
    if opening and not opening.endswith(b"/>"):
        yield opening, bytes(buffer[: max(0, buffer.rfind(closing))]), closing
