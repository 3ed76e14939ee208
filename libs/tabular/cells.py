"""What all kinds of cells have in common: no value, spreadsheet errors, bytes that are no text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import polars as pl

from libs.tabular.raw import FORMULA
from libs.tabular.text import MARK

NO_VALUE: Final = frozenset({"", "-", "–", "—", "n/a", "null"})
_SPREADSHEET_ERRORS: Final = re.compile(
    r"#(?:n/a|name\?|getting_data|(?:blocked|busy|calc|connect|div/0|field|null|num|python|ref|spill|unknown|value)!)",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """One cell, read: its value, or what is wrong with it; rounded if an amount lost decimals."""

    value: Any
    problem: str | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chunk, read. bad marks the rows whose cell has a problem; None if no cell has.

    problems: the text of a bad cell → what is wrong with it and what was expected.
    """

    values: pl.Series
    bad: pl.Series | None
    problems: dict[str, str]
    rounded: int = 0


def unreadable(text: str) -> str | None:
    """What makes a cell of any kind bad, if anything does."""
    if "\0" in text:
        return "holds a NUL character"
    if MARK in text:
        return "holds bytes that are no text in the file's encoding"
    if text.startswith(FORMULA):
        return "is a formula without a stored result"
    if _SPREADSHEET_ERRORS.fullmatch(text.strip()):
        return "is a spreadsheet error"
    return None


def settle(texts: pl.Series, values: pl.Series, pending: pl.Series, read: Callable[[str], Reading]) -> Column:
    """Fill in the pending cells, each distinct text read once; the others keep their value."""
    rows = pending.arg_true()
    if rows.is_empty():
        return Column(values, None, {})
    cells = texts.gather(rows).alias("text")
    distinct = cells.unique()
    readings = [read(text) for text in distinct]
    known = pl.DataFrame(
        {
            "text": distinct,
            "value": pl.Series([reading.value for reading in readings], dtype=values.dtype),
            "bad": [reading.problem is not None for reading in readings],
            "rounded": [reading.rounded for reading in readings],
        }
    )
    found = cells.to_frame().join(known, on="text", how="left", maintain_order="left")
    values = values.scatter(rows, found["value"])
    problems = {
        text: reading.problem for text, reading in zip(distinct, readings, strict=True) if reading.problem
    }
    if not problems:
        return Column(values, None, {}, int(found["rounded"].sum()))
    bad = pl.repeat(False, len(texts), eager=True).scatter(rows, found["bad"])
    return Column(values, bad, problems, int(found["rounded"].sum()))
