"""CSV in blocks: each block of some 8 MB is cut where a record ends and parsed on its own."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from libs.tabular.csv_block import Layout, parse_block
from libs.tabular.csv_records import records
from libs.tabular.errors import TooLarge
from libs.tabular.header import HEADER_ROWS, Header, Preview
from libs.tabular.raw import RawChunk, Unclear
from libs.tabular.sniff import Format
from libs.tabular.spec import ParseLimits
from libs.tabular.text import TextFile, open_text

DELIMITERS: Final = (",", ";", "\t")
# Where a comma must be a decimal comma: before one, two or more than three digits at the end of a cell, or
# after a lone zero. In a comma-separated file such a cell is quoted.
_UNQUOTED: Final = r"[0-9],(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9,]|\z)|[^0-9]0,[0-9]"
_NEEDED: Final = {",": b'"', ";": b",", "\t": b","}  # in every match; most blocks need no further look
_EVIDENCE: Final = {
    ",": r'"(?:[^",\n][^"\n]*)?[0-9],(?:[0-9]{1,2}|[0-9]{4,})[^"0-9,]*"'
    r'|"(?:[^",\n][^"\n]*[^"0-9])?0,[0-9]+[^"0-9,]*"',
    ";": _UNQUOTED,
    "\t": _UNQUOTED,
}
_NUMERIC_DATE: Final = r"[^0-9][0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
# In the first column, where it is found ten times as fast.
_FIRST_DATE: Final = r"[\n\r][\"\s\x{feff}]*[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"
_OVERLAP: Final = 300  # bytes looked at twice, so that no cell is cut in two


class CsvSource:
    """An open CSV, gzip-compressed or not; its encoding is known, its delimiter and header are not."""

    def __init__(self, path: Path, form: Format, limits: ParseLimits) -> None:
        csv.field_size_limit(max(limits.block_bytes, limits.max_record_bytes) * 2)
        self.format: Format = form
        self._limits = limits
        self._text = open_text(path, gzipped=form == "csv.gz", limits=limits)
        self.encoding: str | None = self._text.encoding
        self._offsets: list[list[int]] = []

    def previews(self) -> Sequence[Preview]:
        """The first rows with each delimiter in turn."""
        head = self._head().decode("utf-8", "replace") + "\n"
        found = [_preview(head, delimiter) for delimiter in DELIMITERS]
        self._offsets = [offsets for _, offsets in found]
        return [preview for preview, _ in found]

    def place(self, preview: int) -> tuple[str | None, str | None]:
        return None, DELIMITERS[preview]

    def table(self, header: Header, required: Sequence[int]) -> "CsvTable":
        layout = Layout(
            DELIMITERS[header.preview], header.match.titles, tuple(sorted(required)), self._limits
        )
        return CsvTable(
            self._text, layout, header.row + 2, self._offsets[header.preview][header.row], self._limits
        )

    def _head(self) -> bytes:
        head, limit = b"", self._limits.max_record_bytes
        for block in self._text.stream():
            head += block
            if len(head) > limit or head.count(b"\n") > 4 * HEADER_ROWS:
                break
        if len(head) > limit and b"\n" not in head:
            raise TooLarge(
                f"Row 1 is longer than {limit:,} bytes. Export the report again.", row=1, limit=limit
            )
        return head


def _held(text: bytes, patterns: Mapping[str, str]) -> Iterable[str]:
    """Names of the patterns that may match."""
    if not patterns:
        return ()
    texts = pl.Series([text.decode("utf-8", "replace")])
    return [name for name, pattern in patterns.items() if texts.str.contains(pattern)[0]]


def _preview(head: str, delimiter: str) -> tuple[Preview, list[int]]:
    """The first rows and, for each, the offset in bytes of UTF-8 at which the row after it begins."""
    rows: list[list[str]] = []
    offsets: list[int] = []
    offset = 0

    def lines() -> Iterator[str]:  # no more of them than the rows need
        nonlocal offset
        for line in io.StringIO(head, newline="\n"):
            offset += len(line.encode())
            yield line

    for cells, _ in records(lines(), delimiter):
        rows.append(cells)
        offsets.append(offset)
        if len(rows) == HEADER_ROWS:
            break
    return Preview("the file", rows), offsets


class CsvTable:
    """The rows below the header of a CSV."""

    epoch_1904 = False

    def __init__(
        self, text: TextFile, layout: Layout, first_row: int, offset: int, limits: ParseLimits
    ) -> None:
        self._text, self._layout, self._limits = text, layout, limits
        self._first_row, self._offset = first_row, offset

    def unclear(self, dates: Sequence[int]) -> Unclear:
        """The text is gone through once."""
        delimiter = self._layout.delimiter
        sought = {"comma": (_EVIDENCE[delimiter], _NEEDED[delimiter])}
        if dates:
            sought["date"] = (_NUMERIC_DATE if any(dates) else _FIRST_DATE, b"")
        found: set[str] = set()
        before = b"\n"
        for block in self._text.stream(self._offset):
            missing = {name: pattern for name, (pattern, needed) in sought.items() if needed in block}
            found.update(_held(before + block, missing))
            sought = {name: pattern for name, pattern in sought.items() if name not in found}
            if not sought:
                break
            before = block[-_OVERLAP:]
        return Unclear("comma" in found, "date" in found)

    def survey(self, columns: Sequence[int]) -> Iterator[pl.DataFrame]:
        wanted = [f"c{index}" for index in columns]
        return (chunk.frame.select(wanted) for chunk in self._blocks(columns))

    def chunks(self, decimal_comma: frozenset[int]) -> Iterator[RawChunk]:
        return self._blocks(None)

    def _blocks(self, columns: Sequence[int] | None) -> Iterator[RawChunk]:
        row = self._first_row
        for block, final in self._buffers():
            while block:
                chunk, consumed = parse_block(bytes(block), self._layout, row, final=final, columns=columns)
                if chunk is None:
                    break
                del block[:consumed]
                row += chunk.frame.height
                yield chunk
                if not final:
                    break

    def _buffers(self) -> Iterator[tuple[bytearray, bool]]:
        """(the bytes at hand, whether they are the last); who takes them removes what it used."""
        buffer = bytearray()
        wanted = self._limits.block_bytes
        for piece in self._text.stream(self._offset):
            buffer += piece
            while len(buffer) >= wanted:
                before = len(buffer)
                yield buffer, False
                if len(buffer) == before:
                    break
        if buffer and not buffer.endswith(b"\n"):
            buffer += b"\n"
        yield buffer, True
