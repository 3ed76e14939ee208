"""One block of a CSV → rows of text.

polars reads it when its quoting is by the book (some 4 million rows a second). Anything else – `5" banner`, a
quote in the middle of a cell – goes record by record through the csv module, which takes such a quote for
what it is; polars would fail, or join rows and say nothing. Both count the same records.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from libs.tabular.csv_records import records, records_of
from libs.tabular.errors import DamagedFile, TooLarge
from libs.tabular.raw import RawChunk
from libs.tabular.spec import ParseLimits

_MAX_CELLS: Final = 4_000_000  # 64 MB of string views; a block of nothing but line breaks has 8 million rows
_MOST_LINES: Final = (
    100  # in one record: a cell of a report has a few at most, an open quote swallows them all
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the records of one CSV are laid out. required: positions that every row has to reach."""

    delimiter: str
    titles: tuple[str, ...]
    required: tuple[int, ...]
    limits: ParseLimits

    @property
    def width(self) -> int:
        return len(self.titles)

    @property
    def quoting(self) -> re.Pattern[bytes]:
        """Whole cells only: unquoted without a quote, or quoted with every quote inside doubled."""
        end = re.escape(self.delimiter.encode()) + rb"\n"
        quoted = rb'"[^"]*+(?:""[^"]*+)*+"(?:[' + end + rb"]|\r\n)"
        return re.compile(rb'(?:[^"]++(?<=[' + end + rb"])|" + quoted + rb")*+")

    def ragged(self, cells: Sequence[str | None]) -> str | None:
        """What is wrong with the number of cells of a row, if anything is."""
        count, width = len(cells), self.width
        if count > width and any(cell and cell.strip() for cell in cells[width:]):
            return self._too_many(count)
        missing = [self.titles[index] for index in self.required if index >= count]
        if missing and any(cell and cell.strip() for cell in cells):
            return f"the row ends after {count:,} of {width:,} cells; expected {', '.join(missing)}"
        return None

    def _too_many(self, count: int) -> str:
        return f"the row has {count:,} cells, the header has {self.width:,} columns; expected as many"

    def ragged_rows(self, rows: Mapping[int, Sequence[str | None]], height: int) -> dict[int, str]:
        """What is wrong with which of these rows, of a block of so many.

        Blank cells beyond the header are nothing where most rows have them (a delimiter at the end of each
        line). In a single row they are a cell too many further left: 1,234 without its quotes.
        """
        found = {row: problem for row, cells in rows.items() if (problem := self.ragged(cells))}
        longer = {
            row: len(cells) for row, cells in rows.items() if len(cells) > self.width and row not in found
        }
        if 2 * len(longer) < height:
            found |= {row: self._too_many(count) for row, count in longer.items()}
        return found


def parse_block(
    block: bytes, layout: Layout, first_row: int, *, final: bool, columns: Sequence[int] | None = None
) -> tuple[RawChunk | None, int]:
    """The rows of a block and how many of its bytes they took; (None, 0) when not even one row is complete.

    columns: read only these (a survey: no check for ragged rows). Raises DamagedFile and TooLarge.
    """
    if b"\n" not in block:
        return _too_long(block, layout, first_row)
    cut = _record_end(block, layout)
    if cut and (b'"' not in block or layout.quoting.fullmatch(block, 0, cut)):
        return _by_the_book(block[:cut], layout, first_row, columns), cut
    return _record_by_record(block, layout, first_row, final=final)


def _record_end(block: bytes, layout: Layout) -> int:
    """The last line break with an even number of quotes before it; 0 if the last few MB have none."""
    cut = block.rfind(b"\n") + 1
    rows = _count(block, b"\n", cut)
    if rows * layout.width > _MAX_CELLS:
        cut = block.rfind(b"\n", 0, max(1, cut * _MAX_CELLS // (rows * layout.width * 2))) + 1 or cut
    if b'"' not in block:
        return cut
    odd, start = _count(block, b'"', cut) % 2, cut
    while odd and cut and start - cut < layout.limits.max_record_bytes:
        earlier = block.rfind(b"\n", 0, cut - 1) + 1
        odd = (odd + block.count(b'"', earlier, cut)) % 2
        cut = earlier
    return 0 if odd else cut


def _count(block: bytes, byte: bytes, end: int | None = None) -> int:
    """How often a byte stands there; where it often does, ``bytes.count`` takes four times as long."""
    length = len(block) if end is None else end
    return int(np.count_nonzero(np.frombuffer(block, np.uint8, length) == byte[0]))


def _by_the_book(block: bytes, layout: Layout, first_row: int, columns: Sequence[int] | None) -> RawChunk:
    names = [f"c{index}" for index in range(layout.width + 1)]  # the last one catches a cell too many
    frame = pl.read_csv(
        block,
        columns=None if columns is None else sorted(columns),
        has_header=False,
        separator=layout.delimiter,
        schema=dict.fromkeys(names, pl.String),
        empty_string_is_null=False,
        truncate_ragged_lines=True,
        extra_columns="ignore",
        missing_columns="insert",
    )
    text = _Lines(block, frame.height, layout.delimiter)
    text.check_quotes(first_row)
    if columns is not None:
        return RawChunk(frame, _numbers(first_row, frame.height), text.cells)
    suspects = [row for row in _suspects(block, frame, layout, text) if not text.has_cells(row, layout.width)]
    ragged = layout.ragged_rows({row: text.cells(row) for row in suspects}, frame.height)
    return RawChunk(frame.drop(names[-1]), _numbers(first_row, frame.height), text.cells, ragged)


def _suspects(block: bytes, frame: pl.DataFrame, layout: Layout, text: "_Lines") -> list[int]:
    """Rows that may have too many or too few cells: one beyond the header, or none in the last required."""
    beyond = frame[f"c{layout.width}"] != ""
    inside = 0  # of cells
    if b'"' in block:
        inside = sum(frame.select(pl.all().str.count_matches(layout.delimiter, literal=True).sum()).row(0))
    if _count(block, layout.delimiter.encode()) != (layout.width - 1) * frame.height + inside:
        beyond |= pl.Series(text.counts()) > layout.width
    if not layout.required:
        return beyond.arg_true().to_list()
    short = (frame[f"c{max(layout.required)}"] == "").arg_true()
    if not short.is_empty():  # blank rows are not short
        short = short.filter(frame[short].select(pl.any_horizontal(pl.all() != "")).to_series())
    return sorted({*beyond.arg_true(), *short})


class _Lines:
    """The rows of a block as text again, split only when somebody asks: for bad rows."""

    def __init__(self, block: bytes, height: int, delimiter: str) -> None:
        self._block, self._height, self._delimiter = block, height, delimiter

    @cached_property
    def _lines(self) -> list[bytes]:
        return self._block.split(b"\n")[:-1]

    @cached_property
    def _records(self) -> list[list[str]]:
        return [cells for cells, _ in records(self._text(), self._delimiter)]

    def _text(self) -> Iterator[str]:
        return (f"{line.decode()}\n" for line in self._lines)

    def cells(self, row: int) -> Sequence[str | None]:
        if len(self._lines) != self._height:  # line breaks inside quotes
            return self._records[row]
        return next(records([f"{self._lines[row].decode()}\n"], self._delimiter))[0]

    def counts(self) -> list[int]:
        """How many cells each row has."""
        if b'"' in self._block:
            return [len(cells) for cells in self._records]
        return [line.count(self._delimiter.encode()) + 1 for line in self._lines]

    def has_cells(self, row: int, count: int) -> bool:
        """Quickly, for rows without quotes; False says nothing."""
        if len(self._lines) != self._height or b'"' in self._lines[row]:
            return False
        return self._lines[row].count(self._delimiter.encode()) == count - 1

    def check_quotes(self, first_row: int) -> None:
        """Two stray quotes far apart make one cell by the book. Raises DamagedFile."""
        if b'"' not in self._block or _count(self._block, b"\n") - self._height < _MOST_LINES:
            return
        before = 0
        for row, (_, after) in enumerate(records(self._text(), self._delimiter)):
            if after - before > _MOST_LINES:
                raise _unterminated(first_row + row, self._lines[before].decode())
            before = after


def _record_by_record(
    block: bytes, layout: Layout, first_row: int, *, final: bool
) -> tuple[RawChunk | None, int]:
    lines = [f"{line}\n" for line in block[: block.rfind(b"\n")].decode().split("\n")]
    rows: list[list[str]] = []
    broken: dict[int, str] = {}
    used = 0
    for record in records_of(lines, layout.delimiter):
        if record.end > len(lines):  # its quote is still open
            open_bytes = sum(len(line.encode()) for line in lines[used:])
            if final or open_bytes > layout.limits.max_record_bytes:
                raise _unterminated(first_row + len(rows), lines[used])
            break
        if record.end - used > _MOST_LINES:
            raise _unterminated(first_row + len(rows), lines[used])
        if record.problem:
            broken[len(rows)] = record.problem
        rows.append(record.cells)
        used = record.end
    if not rows:
        return None, 0
    consumed = sum(len(line.encode()) for line in lines[:used])
    return _from_rows(rows, layout, first_row, broken), consumed


def _from_rows(rows: list[list[str]], layout: Layout, first_row: int, broken: Mapping[int, str]) -> RawChunk:
    width = layout.width
    padded = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    schema = {f"c{index}": pl.String for index in range(width)}
    frame = pl.DataFrame(padded, schema=schema, orient="row")
    ragged = layout.ragged_rows(dict(enumerate(rows)), len(rows))
    return RawChunk(frame, _numbers(first_row, len(rows)), rows.__getitem__, {**ragged, **broken})


def _numbers(first_row: int, height: int) -> pl.Series:
    return pl.int_range(first_row, first_row + height, dtype=pl.UInt32, eager=True).alias("row_number")


def _too_long(block: bytes, layout: Layout, row: int) -> tuple[None, int]:
    limit = layout.limits.max_record_bytes
    if len(block) <= limit:
        return None, 0
    raise TooLarge(
        f"Row {row:,} is longer than {limit:,} bytes, as no row of a report is. Export the report again.",
        row=row,
        limit=limit,
    )


def _unterminated(row: int, line: str) -> DamagedFile:
    return DamagedFile(
        f'Row {row:,} opens a quote (") that is never closed; the row begins “{line.strip()[:80]}”. '
        "Repair that row or export the report again.",
        row=row,
    )
