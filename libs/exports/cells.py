"""Text in cells of files that people open in a spreadsheet."""

from __future__ import annotations

import re

import polars as pl

FORMULA = r"^(?:[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n])"
"""What a spreadsheet may take for a formula, also after spaces. Read by Python and by polars (Rust) alike."""
_FORMULA = re.compile(FORMULA)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text."""
    return _FORMULA.match(text) is not None


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if is_formula(text) else text


def harmless_column(name: str) -> pl.Expr:
    """The same for a column of a frame."""
    text = pl.col(name)
    return pl.when(text.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)
