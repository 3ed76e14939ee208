"""What a CSV and a workbook have in common once their header is found: rows of text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import polars as pl

from libs.tabular.header import Header, Preview
from libs.tabular.sniff import Format
from libs.tabular.text import MARK

FORMULA: Final = "\ufdd1"  # begins a cell that holds a formula without a stored result
_SHOWN: Final = 2_000


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Rows as they stand in the file.

    frame: String columns c0, c1, … one per title; row_numbers: UInt32, as a person counts them.
    ragged: row index → what is wrong with its number of cells. cells: row index → its cells as text.
    """

    frame: pl.DataFrame
    row_numbers: pl.Series
    cells: Callable[[int], Sequence[str | None]]
    ragged: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unclear:
    """What has to be decided over whole columns.

    decimal_commas: false if no cell can be a number written 1.234,56. numeric_dates: false if none of the
    columns asked for can hold a day written 04/11/2025.
    """

    decimal_commas: bool
    numeric_dates: bool


class RawTable(Protocol):
    """One table of an open file. It can be read several times, always in blocks."""

    epoch_1904: bool

    def chunks(self, decimal_comma: frozenset[int]) -> Iterator[RawChunk]:
        """All rows. Numbers of a workbook are written the way of their column: with a comma in these."""
        ...

    def survey(self, columns: Sequence[int]) -> Iterator[pl.DataFrame]:
        """The text cells of some columns (c0, …), for decisions over whole columns."""
        ...

    def unclear(self, dates: Sequence[int]) -> Unclear:
        """What may have to be decided; true where in doubt. dates: columns of days whose order is not set."""
        ...


class RawSource(Protocol):
    """An open file whose header is still to be found."""

    format: Format
    encoding: str | None

    def previews(self) -> Sequence[Preview]: ...

    def place(self, preview: int) -> tuple[str | None, str | None]:
        """(sheet, delimiter) of a preview."""
        ...

    def table(self, header: Header, required: Sequence[int]) -> RawTable:
        """The table under this header; a row too short for a required column is ragged."""
        ...


def without_blank_rows(raw: RawChunk, column: int) -> RawChunk:
    """The same without the rows that have nothing in any column: a file can have millions below its table.

    column: one that other rows rarely leave empty, so that only those that do are looked at.
    """
    rows = (raw.frame[f"c{column}"].str.strip_chars() == "").arg_true()
    if rows.is_empty():
        return raw
    cells = raw.frame[rows]
    blank = rows.filter(cells.select(pl.all_horizontal(pl.all().str.strip_chars() == "")).to_series())
    filled = (
        pl.repeat(True, raw.frame.height, eager=True).scatter(blank, False).scatter(list(raw.ragged), True)
    )
    kept = filled.arg_true()
    places = {row: place for place, row in enumerate(kept) if row in raw.ragged} if raw.ragged else {}
    return RawChunk(
        raw.frame.filter(filled),
        raw.row_numbers.filter(filled),
        lambda row: raw.cells(kept[row]),
        {places[row]: problem for row, problem in raw.ragged.items()},
    )


def shown(cell: str | None) -> str | None:
    """A cell so that it can be stored and read by a person."""
    if cell is None:
        return None
    text = cell.replace(MARK, "\\x").replace(FORMULA, "").replace("\0", "␀")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters)"
