"""Names: trimmed, collapsed, NFC, case kept; what is no name says why."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.tabular.names import MAX_NAME, name_column, read_name


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("", "missing"),
        (" \t ", "missing"),
        ("-", "missing"),
        ("—", "missing"),
        ("N/A", "missing"),
        ("null", "missing"),
        ("x" * 256, "has 256 characters; expected a name of at most 255"),
        ("é" * 256, "has 256 characters"),
        ("Autumn\x00sale", "NUL"),
        ("Autumn\x07sale", "control character"),
        ("Autumn\x7fsale", "control character"),
        ("Autumn\ufdd0edsale", "no text"),
        ("Autumn_xD83D_sale", "half a character"),
        ("#REF!", "spreadsheet error"),
        (" #n/a ", "spreadsheet error"),
        ("\ufdd1=A1&A2", "formula without a stored result"),
    ],
)
def test_what_is_no_name_says_why(cell: str, problem: str) -> None:
    reading = read_name(cell)
    assert reading.value is None
    assert problem in (reading.problem or "")
    column = name_column(pl.Series(["Autumn", cell]))
    assert column.values.to_list() == ["Autumn", None]
    assert column.problems == {cell: reading.problem}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Autumn sale ", "Autumn sale"),
        ("Autumn\tsale", "Autumn sale"),
        ("Autumn \u00a0\u2003 sale", "Autumn sale"),
        ("Autumn\r\nsale", "Autumn sale"),
        ("Cafe\u0301", "Café"),
        ("ﬁn", "ﬁn"),
        ("AUTUMN", "AUTUMN"),
        ("x" * 255, "x" * 255),
        (" " + "x" * 255 + " ", "x" * 255),
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ("<img src=x>", "<img src=x>"),
        ("#1 choice", "#1 choice"),
        ("nullable", "nullable"),
        ("N/A or not", "N/A or not"),
        ("💐 spring", "💐 spring"),
        ("2025", "2025"),
    ],
)
def test_names_as_people_write_them(cell: str, name: str) -> None:
    assert read_name(cell) == (name, None, False)
    assert name_column(pl.Series([cell, "Autumn"])).values.to_list() == [name, "Autumn"]


def test_a_blank_name_may_be_allowed() -> None:
    assert read_name(" ", blank_allowed=True) == (None, None, False)
    column = name_column(pl.Series([" ", "x" * 256]), blank_allowed=True)
    assert column.values.to_list() == [None, None]
    assert list(column.problems) == ["x" * 256]


@given(st.lists(st.text(max_size=12) | st.text(" \ta-/#nNuUlL", max_size=6), min_size=1), st.integers(1, 3))
def test_the_column_agrees_with_the_cell_on_anything(cells: list[str], times: int) -> None:
    texts = cells * times
    readings = [read_name(text) for text in texts]
    column = name_column(pl.Series(texts, dtype=pl.String))
    assert column.values.to_list() == [reading.value for reading in readings]
    bad = column.bad.to_list() if column.bad is not None else [False] * len(texts)
    assert bad == [reading.problem is not None for reading in readings]


@given(st.text(max_size=300))
def test_a_name_reads_as_itself_afterwards(text: str) -> None:
    name = read_name(text).value
    if name is not None:
        assert read_name(name).value == name
        assert unicodedata.is_normalized("NFC", name)
        assert 0 < len(name) <= MAX_NAME


@pytest.mark.parametrize("odd", ["Autumn ", " Autumn", "Au  tumn", "A\u0308", "-", "#REF!", "x" * 256, ""])
def test_one_odd_cell_in_a_long_column_of_few_names_is_seen(odd: str) -> None:
    texts = ["Autumn", "Winter"] * 5_000
    texts[7_777] = odd
    column, reading = name_column(pl.Series(texts)), read_name(odd)
    assert column.values[7_777] == reading.value
    assert (column.bad is not None and column.bad.arg_true().to_list() == [7_777]) == bool(reading.problem)
    assert column.values.head(7_777).to_list() == texts[:7_777]
