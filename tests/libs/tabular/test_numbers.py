"""Counts and amounts, compared with decimal.Decimal; the column must say what the cell says."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.tabular.numbers import MAX_NUMBER, NumberKind, currencies_in, number_column, read_number

MANY_DIGITS = Context(prec=400)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("(5.00)", "negative"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("5.00-", "negative"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("-inf", "not a number"),
        ("1e400", "larger than"),
        ("1e9999", "not a number"),
        ("9" * 40, "larger than"),
        ("1000000000000.000001", "larger than"),
        ("twelve", "not a number"),
        ("12abc", "not a number"),
        ("1.2.3", "not a number"),
        ("1,23,456", "not a number"),
        ("12,34", "not a number"),
        (".", "not a number"),
        ("12%", "not a number"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("٤", "not a number"),
        ("４", "not a number"),
        ("#DIV/0!", "spreadsheet error"),
        ("#REF!", "spreadsheet error"),
        ("#N/A", "spreadsheet error"),
        ("4\x00", "NUL"),
        ("4\ufdd0ff", "no text"),
        ("\ufdd1=SUM(A1:A9)", "formula without a stored result"),
        ("TRUE", "not a number"),
        ("2025-11-04", "not a number"),
        ("--5", "not a number"),
        ("1 2", "not a number"),
    ],
)
@pytest.mark.parametrize("kind", ["count", "money"])
def test_what_is_no_number_says_why(cell: str, problem: str, kind: NumberKind) -> None:
    reading = read_number(cell, kind)
    assert reading.value is None
    assert problem in (reading.problem or "")
    assert "expected" in (reading.problem or "")
    assert_column_agrees([cell, "1"], kind)


@pytest.mark.parametrize("cell", ["$ -5.00", "-$5.00", "( $ 5.00 )", "-€5"])
def test_negative_amounts_are_negative_wherever_the_sign_stands(cell: str) -> None:
    assert "negative" in (read_number(cell, "money").problem or "")
    assert "not a number" in (read_number(cell, "count").problem or "")
    assert_column_agrees([cell], "money")
    assert_column_agrees([cell], "count")


@pytest.mark.parametrize("cell", ["4.5", "0.1", "1e-3", "4.0000001", "4.0000000001"])
def test_a_fraction_is_no_count(cell: str) -> None:
    assert "whole number" in (read_number(cell, "count").problem or "")
    assert_column_agrees([cell], "count")


@pytest.mark.parametrize(
    "cell", ["", "  ", "-", " - ", "–", "—", "N/A", "n/a", "null", "NULL", "Null", "\u00a0"]
)
@pytest.mark.parametrize("kind", ["count", "money"])
def test_no_value_is_zero(cell: str, kind: NumberKind) -> None:
    assert read_number(cell, kind) == (0, None, False)
    assert_column_agrees([cell, "7"], kind)


@pytest.mark.parametrize(
    ("cell", "micros"),
    [
        (" $ 4.76 ", 4_760_000),
        (" $ -   ", 0),
        ("6,250.00", 6_250_000_000),
        ("$1,234,567.891", 1_234_567_891_000),
        ("€ 4.76", 4_760_000),
        ("4.76 €", 4_760_000),
        ("1 234.5", 1_234_500_000),
        ("1'234.5", 1_234_500_000),
        ("1\u202f234.5", 1_234_500_000),
        ("-0", 0),
        ("(0.00)", 0),
        ("+5", 5_000_000),
        (".5", 500_000),
        ("5.", 5_000_000),
        ("1e3", 1_000_000_000),
        ("0.30000000000000004", 300_000),
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("0.0000025", 2),
        ("0.00000250000000000000000000000000000000000001", 3),
        ("1000000000", 10**15),
    ],
)
def test_money_as_platforms_write_it(cell: str, micros: int) -> None:
    assert read_number(cell, "money").value == micros
    assert_column_agrees([cell], "money")


@pytest.mark.parametrize(
    ("cell", "count"), [("4.0", 4), ("4.000000", 4), ("6,250", 6250), (" 12 ", 12), ("1E3", 1000)]
)
def test_counts_as_platforms_write_them(cell: str, count: int) -> None:
    assert read_number(cell, "count").value == count
    assert_column_agrees([cell], "count")


@pytest.mark.parametrize(
    ("cell", "micros"),
    [
        ("4,76", 4_760_000),
        ("1.234,56", 1_234_560_000),
        ("1.234", 1_234_000_000),
        ("12", 12_000_000),
        ("0,5", 500_000),
    ],
)
def test_decimal_comma(cell: str, micros: int) -> None:
    assert read_number(cell, "money", decimal_comma=True).value == micros
    assert_column_agrees([cell], "money", decimal_comma=True)


def test_a_decimal_point_is_no_number_where_the_column_has_commas() -> None:
    assert read_number("4.76", "money", decimal_comma=True).value is None
    assert_column_agrees(["4.76", "4,76"], "money", decimal_comma=True)


def test_rounded_amounts_are_counted_and_exact_ones_are_not() -> None:
    column = number_column(pl.Series(["1.2345678", "1.2345670", "1e-7", "1.5", "$ 0.1234567", "0"]), "money")
    assert column.values.to_list() == [1_234_568, 1_234_567, 0, 1_500_000, 123_457, 0]
    assert column.rounded == 3


def test_a_sign_says_which_currency_if_it_stands_for_one() -> None:
    assert currencies_in(pl.Series(["€ 4.76", "1", "7 €", "", "£3"])) == {"EUR", "GBP"}
    assert currencies_in(pl.Series(["$ 4.76", "¥1", "nothing – at all"])) == set()


amounts = st.decimals(
    min_value=0, max_value=MAX_NUMBER, allow_nan=False, allow_infinity=False, places=9
) | st.decimals(min_value=0, max_value=1, allow_nan=False, allow_infinity=False)


@given(
    st.lists(amounts, min_size=1, max_size=30), st.sampled_from(["{}", " $ {} ", "${}", "{}  ", "\u00a0{}"])
)
def test_money_is_what_decimal_says(numbers: list[Decimal], layout: str) -> None:
    texts = [layout.format(number) for number in numbers]
    exact = [MANY_DIGITS.multiply(number, Decimal(10**6)) for number in numbers]
    micros = [int(number.to_integral_value(ROUND_HALF_EVEN)) for number in exact]
    column = number_column(pl.Series(texts), "money")
    assert column.values.to_list() == micros
    assert column.rounded == sum(a != b for a, b in zip(exact, micros, strict=True))


@given(
    st.lists(st.integers(0, MAX_NUMBER), min_size=1),
    st.sampled_from(["{}", "{:,}", "{}.0", "{:,}.00", " {} "]),
)
def test_counts_survive_every_layout(numbers: list[int], layout: str) -> None:
    column = number_column(pl.Series([layout.format(number) for number in numbers]), "count")
    assert column.values.to_list() == numbers
    assert column.problems == {}


number_like = st.text("0123456789.,-+()$ eE'", max_size=14) | st.text(max_size=6)


@given(st.lists(number_like, min_size=1, max_size=40), st.sampled_from(["count", "money"]), st.booleans())
def test_the_column_agrees_with_the_cell_on_anything(
    texts: list[str], kind: NumberKind, decimal_comma: bool
) -> None:
    assert_column_agrees(texts, kind, decimal_comma=decimal_comma)


@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_a_double_is_read_by_its_shortest_decimal(number: float) -> None:
    exact = MANY_DIGITS.multiply(Decimal(repr(number)), Decimal(10**6))
    assert read_number(repr(number), "money").value == int(exact.to_integral_value(ROUND_HALF_EVEN))


def assert_column_agrees(texts: list[str], kind: NumberKind, *, decimal_comma: bool = False) -> None:
    readings = [read_number(text, kind, decimal_comma=decimal_comma) for text in texts]
    column = number_column(pl.Series(texts, dtype=pl.String), kind, decimal_comma=decimal_comma)
    assert column.values.to_list() == [reading.value for reading in readings]
    assert column.rounded == sum(reading.rounded for reading in readings)
    bad = column.bad.to_list() if column.bad is not None else [False] * len(texts)
    assert bad == [reading.problem is not None for reading in readings]
    assert all(
        column.problems[text] == reading.problem
        for text, reading in zip(texts, readings, strict=True)
        if reading.problem
    )
