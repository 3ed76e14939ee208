"""Counts and amounts: text → whole numbers, never through a float.

`read_number` is the definition, cell by cell; `number_column` gives the same for a column at once and leaves
to it only the cells that are not plain. Amounts are millionths of the currency (“micros”), rounded half-even.
"""

import re
from decimal import Context, Decimal
from typing import Final, Literal

import polars as pl

from libs.tabular.cells import NO_VALUE, Column, Reading, settle, unreadable

NumberKind = Literal["count", "money"]
MAX_NUMBER: Final = 10**9  # no row of a report has more, and the loader takes no more
_MICRO: Final = 1_000_000
_EXACT: Final = Context(prec=200)
_SPACE: Final = " \t\r\n\v\f\u00a0\u202f\u2009\u3000"
_STRIPPED: Final[dict[NumberKind, str]] = {"count": _SPACE, "money": _SPACE + "$€£¥₹₩₽₺₪฿₫₴₦₱"}
_STRIPPED_ASCII: Final = {kind: "".join(filter(str.isascii, chars)) for kind, chars in _STRIPPED.items()}
_EXPECTED: Final[dict[NumberKind, str]] = {
    "count": "a whole number, 0 or more",
    "money": "an amount, 0 or more",
}
_PLAIN: Final = re.compile(r"\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED: Final = re.compile(r"\+?\d{1,3}(?:([,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?", re.ASCII)
_SWAP: Final = str.maketrans(",.", ".,")


_CURRENCIES: Final = {
    **{"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS", "฿": "THB"},
    **{"₫": "VND", "₴": "UAH", "₦": "NGN", "₱": "PHP"},
}
"""Signs that stand for one currency; $ and ¥ stand for several."""


def currencies_in(texts: pl.Series) -> set[str]:
    """ISO codes of the currency signs in a column of amounts, where a sign tells which it is."""
    if texts.str.len_bytes().sum() == texts.str.len_chars().sum():
        return set()
    found = texts.str.extract(f"([{''.join(_CURRENCIES)}])").drop_nulls().unique()
    return {_CURRENCIES[sign] for sign in found}


def read_number(text: str, kind: NumberKind, *, decimal_comma: bool = False) -> Reading:
    """One cell. No value (empty, `-`, `N/A`, `null`) is 0; `(5.00)` and `-5` are negative, hence bad."""
    if problem := unreadable(text):
        return Reading(None, f"{problem}; expected {_EXPECTED[kind]}")
    stripped = _STRIPPED[kind]
    bare = text.strip(stripped)
    if bare.casefold() in NO_VALUE:
        return Reading(0)
    bare, negative = _unsigned(bare, stripped)
    if decimal_comma:
        bare = bare.translate(_SWAP)
    if grouped := _GROUPED.fullmatch(bare):
        bare = bare.replace(grouped[1], "")
    if not _PLAIN.fullmatch(bare):
        return Reading(None, f"is not a number; expected {_EXPECTED[kind]}")
    return _checked(_EXACT.create_decimal(bare), kind, negative=negative)


def _unsigned(bare: str, stripped: str) -> tuple[str, bool]:
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip(stripped), True
    if bare.startswith(("-", "−")):
        return bare[1:].strip(stripped), True
    if bare.endswith(("-", "−")):
        return bare[:-1].strip(stripped), True
    return bare, False


def _checked(number: Decimal, kind: NumberKind, *, negative: bool) -> Reading:
    if negative and number:
        return Reading(None, f"is negative; expected {_EXPECTED[kind]}")
    if number > MAX_NUMBER:
        return Reading(None, f"is larger than {MAX_NUMBER:,}; expected {_EXPECTED[kind]}")
    if kind == "count":
        if number != number.to_integral_value():
            return Reading(None, f"is not a whole number; expected {_EXPECTED[kind]}")
        return Reading(int(number))
    exact = _EXACT.multiply(number, Decimal(_MICRO))
    micros = exact.to_integral_value()  # ROUND_HALF_EVEN
    return Reading(int(micros), rounded=micros != exact)


def number_column(texts: pl.Series, kind: NumberKind, *, decimal_comma: bool = False) -> Column:
    """A whole column as Int64: counts, or amounts in millionths. The same as read_number for each cell."""
    if kind == "count":
        rounded, values = 0, _within(texts.cast(pl.Int64, strict=False), MAX_NUMBER)
        if values.null_count():
            rows = values.is_null().arg_true()
            found, _ = _tidied(texts.gather(rows), kind, decimal_comma=decimal_comma)
            values = values.scatter(rows, found)
    else:
        values, rounded = _tidied(texts, kind, decimal_comma=decimal_comma)
    if not values.null_count():
        return Column(values, None, {}, rounded)
    column = settle(
        texts, values, values.is_null(), lambda text: read_number(text, kind, decimal_comma=decimal_comma)
    )
    return Column(column.values, column.bad, column.problems, column.rounded + rounded)


def _tidied(texts: pl.Series, kind: NumberKind, *, decimal_comma: bool) -> tuple[pl.Series, int]:
    """(values, how many were rounded) of cells with padding, currency, grouping, decimals; null in doubt."""
    ascii_only = texts.str.len_bytes().sum() == texts.str.len_chars().sum()
    bare = texts.str.strip_chars(_STRIPPED_ASCII[kind] if ascii_only else _STRIPPED[kind])
    plain = _with_point(bare, decimal_comma=decimal_comma)
    micros = plain.cast(pl.Decimal(38, 6), strict=False).to_physical().cast(pl.Int64, strict=False)
    micros = _within(micros, MAX_NUMBER * _MICRO)
    long = plain.str.contains(r"\.\d{6}\d*[1-9]|[eE]").fill_null(value=False)
    if kind == "count":  # 4.0, as Vibe and spreadsheets write it
        value = pl.lit(micros)
        whole = pl.when(~pl.lit(long) & (value % _MICRO == 0)).then(value // _MICRO)
        return pl.select(whole).to_series(), 0
    if not long.any():
        return micros, 0
    micros = pl.select(pl.when(~plain.str.contains("[eE]")).then(pl.lit(micros))).to_series()
    return micros, int((long & micros.is_not_null()).sum())


def _with_point(bare: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Numbers without grouping and with a decimal point; what is not plain becomes something unreadable."""
    text = pl.lit(bare)
    if decimal_comma:
        valid = text.str.contains(r"^\+?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?$")
        swapped = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        return pl.select(pl.when(valid).then(swapped)).to_series()
    if not bare.str.contains(",", literal=True).any():
        return bare
    valid = text.str.contains(r"^\+?\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
    ungrouped = text.str.replace_all(",", "", literal=True)
    return pl.select(pl.when(valid).then(ungrouped).otherwise(text)).to_series()


def _within(values: pl.Series, most: int) -> pl.Series:
    """Null instead of what is negative or too large: the definition says which."""
    if values.is_between(0, most).all():
        return values
    return pl.select(pl.when(pl.lit(values).is_between(0, most)).then(pl.lit(values))).to_series()
