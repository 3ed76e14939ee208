"""The records of a CSV's lines, as the csv module reads them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

_END: Final = "\ufdd2"
_STRAY: Final = (
    'a cell opens a quote (") that is not closed at the end of a cell; expected the quote doubled or closed'
)


def _without_returns(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\r\n", "\n").replace("\r", " ") if "\r" in line else line for line in lines)


def records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[list[str], int]]:
    """(cells, lines used so far) for each record. A lone carriage return inside a line is white space."""
    reader = csv.reader(_without_returns(lines), delimiter=delimiter)
    for cells in reader:
        yield cells, reader.line_num


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of lines up to ``end``; ``problem``: why they are no row."""

    cells: list[str]
    end: int
    problem: str | None = None


def records_of(lines: Sequence[str], delimiter: str) -> Iterator[Record]:
    """Every record; one that is open at the end ends behind the last line.

    A stray quote at the beginning of a cell opens one that is closed in the middle of a cell of another
    line. What is in between would be lost in it: its line alone is a bad row, and the next one is read anew.
    """
    begin = 0
    while begin < len(lines):
        start = begin
        feed = chain(map(lines.__getitem__, range(start, len(lines))), (_END,))
        for cells, used in records(feed, delimiter):
            end = start + used
            if begin == len(lines):
                return  # the mark of the end
            if end - begin > 1 and end <= len(lines) and _is_stray(lines[begin:end], delimiter):
                alone, _ = next(records(lines[begin : begin + 1], delimiter))
                begin += 1
                yield Record(alone, begin, _STRAY)
                break
            begin = end
            yield Record(cells, end)
            if end > len(lines):
                return


def _is_stray(lines: Iterable[str], delimiter: str) -> bool:
    """Whether a quoted cell goes on behind its closing quote."""
    try:
        list(csv.reader(_without_returns(lines), delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False
